// An adapter to copy: three categories over what stands for your library (Library.java). Put your own
// functions into FUNCTIONS. javac -d out *.java && java -cp out Adapter
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

public class Adapter {
    /** Throws GeneralSecurityException where the input is refused. */
    interface Function {
        Map<String, Object> run(Input input) throws GeneralSecurityException;
    }

    static final Map<String, Function> FUNCTIONS = Map.of(
        "version negotiate", in -> Library.negotiate(in.texts("offered"), in.texts("supported")),
        "score score", in -> Map.of("score_tenths", Library.score(in.object("factors"))),
        "primitives sha256", in -> Map.of("hash", hex(Library.sha256(in.octets("message")))),
        "primitives x25519", in -> Map.of("shared_secret", hex(Library.agree(in.octets("scalar"), in.octets("point")))),
        "primitives ed25519-verify", in -> {
            Library.verify(in.octets("public_key"), in.octets("message"), in.octets("signature"));
            return Map.of();
        },
        "primitives chacha20-poly1305-seal", in -> seal(in, "ChaCha20-Poly1305"),
        "primitives chacha20-poly1305-open", in -> open(in, "ChaCha20-Poly1305"),
        "primitives aes-256-gcm-seal", in -> seal(in, "AES/GCM/NoPadding"),
        "primitives aes-256-gcm-open", in -> open(in, "AES/GCM/NoPadding"));

    static Map<String, Object> seal(Input in, String cipher) throws GeneralSecurityException {
        return Map.of("ciphertext", hex(Library.seal(cipher, in.octets("key"), in.octets("nonce"),
            in.octets("aad"), in.octets("plaintext"))));
    }

    static Map<String, Object> open(Input in, String cipher) throws GeneralSecurityException {
        return Map.of("plaintext", hex(Library.open(cipher, in.octets("key"), in.octets("nonce"),
            in.octets("aad"), in.octets("ciphertext"))));
    }

    static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }

    /** Members of a question's input, by what its schema says they are. */
    record Input(Map<String, Object> members) {
        byte[] octets(String name) {
            return HexFormat.of().parseHex((String) members.get(name));
        }

        @SuppressWarnings("unchecked")
        List<String> texts(String name) {
            return (List<String>) members.get(name);
        }

        @SuppressWarnings("unchecked")
        Map<String, Object> object(String name) {
            return (Map<String, Object>) members.get(name);
        }
    }

    static Map<String, Object> answer(Input question) {
        if (question.members().get("verb").equals("hello")) {
            return Map.of("name", "Java libraries", "version", "1", "language", "Java");
        }
        Input input = new Input(question.object("input"));
        Function function = FUNCTIONS.get(question.members().get("category") + " " + input.members().get("function"));
        if (function == null) return Map.of("unsupported", true);
        try {
            return Map.of("output", function.run(input));
        } catch (GeneralSecurityException refusal) {
            return Map.of("rejected", String.valueOf(refusal.getMessage()));
        }
    }

    public static void main(String[] words) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var answers = new PrintStream(System.out, true, StandardCharsets.UTF_8); // flushed after each line
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            @SuppressWarnings("unchecked")
            var question = new Input((Map<String, Object>) Json.read(line));
            var answer = new TreeMap<>(answer(question));
            answer.put("id", question.members().get("id"));
            answers.println(Json.write(answer));
        }
    }
}
