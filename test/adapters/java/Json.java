// As much of JSON as an adapter needs that has no library for it. Numbers are whole ones.
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    static Object read(String text) {
        return new Json(text).value();
    }

    static String write(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream().map(each -> write(each.getKey()) + ":" + write(each.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
        }
        return value instanceof String string ? quoted(string) : String.valueOf(value);
    }

    private static String quoted(String string) {
        return string.chars().mapToObj(unit -> unit < ' ' || unit == '"' || unit == '\\'
            ? String.format("\\u%04x", unit) : String.valueOf((char) unit)).collect(Collectors.joining("", "\"", "\""));
    }

    private Object value() {
        char first = next();
        if (first == '{') return object();
        if (first == '[') return list();
        if (first == '"') return string();
        int start = at - 1;
        while (at < text.length() && ",]} ".indexOf(text.charAt(at)) < 0) at++;
        String word = text.substring(start, at);
        return switch (word) {
            case "true", "false" -> Boolean.valueOf(word);
            case "null" -> null;
            default -> word.matches("-?[0-9]{1,18}") ? Long.valueOf(word) : (Object) Double.valueOf(word);
        };
    }

    private Map<String, Object> object() {
        var members = new HashMap<String, Object>();
        for (char mark = next(); mark != '}'; mark = next()) {
            if (mark == ',') mark = next();
            String name = string();
            next(); // the colon
            members.put(name, value());
        }
        return members;
    }

    private List<Object> list() {
        var items = new ArrayList<Object>();
        for (char mark = next(); mark != ']'; mark = next()) {
            if (mark != ',') at--;
            items.add(value());
        }
        return items;
    }

    private String string() {
        var string = new StringBuilder();
        for (char unit = text.charAt(at++); unit != '"'; unit = text.charAt(at++)) {
            string.append(unit == '\\' ? escaped(text.charAt(at++)) : unit);
        }
        return string.toString();
    }

    private char escaped(char mark) {
        if (mark != 'u') return "\b\f\n\r\t".indexOf(mark) >= 0 || "bfnrt".indexOf(mark) < 0
            ? mark : "\b\f\n\r\t".charAt("bfnrt".indexOf(mark));
        at += 4;
        return (char) Integer.parseInt(text.substring(at - 4, at), 16);
    }

    private char next() {
        while (Character.isWhitespace(text.charAt(at))) at++;
        return text.charAt(at++);
    }
}
