// Stands for your library: a few of the protocol's functions, over what the JDK has.
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

class Library {
    private static final String ED25519_KEY = "302a300506032b6570032100";
    private static final String X25519_KEY = "302a300506032b656e032100";
    private static final String X25519_SECRET = "302e020100300506032b656e04220420";

    private static final BigInteger PRIME = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    /** y of the points of small order: libraries let them pass, the protocol does not. */
    private static final Set<BigInteger> SMALL = Set.of(
        BigInteger.ZERO, BigInteger.ONE, PRIME.subtract(BigInteger.ONE),
        new BigInteger("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16),
        new BigInteger("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7", 16));

    private static final Map<String, Integer> WEIGHTS = Map.of(
        "certificate_quality", 30, "domain_verification", 15, "organization_reputation", 20,
        "security_posture", 15, "compliance_status", 10, "historical_reliability", 10);

    private static void need(boolean condition, String why) throws GeneralSecurityException {
        if (!condition) throw new GeneralSecurityException(why);
    }

    static byte[] sha256(byte[] message) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(message);
    }

    static void verify(byte[] key, byte[] message, byte[] signature) throws GeneralSecurityException {
        need(key.length == 32 && signature.length == 64, "lengths");
        strict(key);
        strict(signature); // its first half is a point as well
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(publicKey("Ed25519", ED25519_KEY, key));
        verifier.update(message);
        need(verifier.verify(signature), "not signed");
    }

    private static void strict(byte[] point) throws GeneralSecurityException {
        byte[] bigEndian = new byte[32];
        for (int at = 0; at < 32; at++) bigEndian[31 - at] = point[at];
        BigInteger y = new BigInteger(1, bigEndian).clearBit(255);
        need(y.compareTo(PRIME) < 0 && !SMALL.contains(y), "of small order, or not canonical");
    }

    static byte[] agree(byte[] scalar, byte[] point) throws GeneralSecurityException {
        need(scalar.length == 32 && point.length == 32, "lengths");
        byte[] secret = HexFormat.of().parseHex(X25519_SECRET + HexFormat.of().formatHex(scalar));
        KeyAgreement agreement = KeyAgreement.getInstance("X25519");
        agreement.init(KeyFactory.getInstance("X25519").generatePrivate(new PKCS8EncodedKeySpec(secret)));
        agreement.doPhase(publicKey("X25519", X25519_KEY, point), true); // refuses what gives zero
        return agreement.generateSecret();
    }

    private static PublicKey publicKey(String algorithm, String prefix, byte[] raw) throws GeneralSecurityException {
        byte[] encoded = HexFormat.of().parseHex(prefix + HexFormat.of().formatHex(raw));
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
    }

    static byte[] seal(String cipher, byte[] key, byte[] nonce, byte[] aad, byte[] text) throws GeneralSecurityException {
        return aead(Cipher.ENCRYPT_MODE, cipher, key, nonce, aad, text);
    }

    static byte[] open(String cipher, byte[] key, byte[] nonce, byte[] aad, byte[] text) throws GeneralSecurityException {
        return aead(Cipher.DECRYPT_MODE, cipher, key, nonce, aad, text);
    }

    private static byte[] aead(int mode, String name, byte[] key, byte[] nonce, byte[] aad, byte[] text)
            throws GeneralSecurityException {
        need(key.length == 32 && nonce.length == 12, "lengths");
        // Of less than a tag the JDK makes a ProviderException, which is no refusal but a fault.
        need(mode == Cipher.ENCRYPT_MODE || text.length >= 16, "shorter than a tag");
        boolean isAes = name.startsWith("AES");
        AlgorithmParameterSpec with = isAes ? new GCMParameterSpec(128, nonce) : new IvParameterSpec(nonce);
        Cipher cipher = Cipher.getInstance(name);
        cipher.init(mode, new SecretKeySpec(key, isAes ? "AES" : "ChaCha20"), with);
        cipher.updateAAD(aad);
        return cipher.doFinal(text);
    }

    static Map<String, Object> negotiate(List<String> offered, List<String> supported) throws GeneralSecurityException {
        TreeMap<Long, String> ours = near(supported), theirs = near(offered);
        long top = Math.max(major(ours.lastKey()), major(theirs.lastKey()));
        need(2 * top - major(ours.lastKey()) - major(theirs.lastKey()) <= 1, "two majors apart");
        ours.keySet().retainAll(theirs.keySet());
        need(!ours.isEmpty(), "none in common");
        var best = ours.lastEntry();
        return Map.of("version", best.getValue(), "compatibility_mode", major(best.getKey()) < top);
    }

    private static long major(long version) {
        return version / 100_000;
    }

    /** Of the two highest adjacent majors, by what they are worth. */
    private static TreeMap<Long, String> near(List<String> listed) throws GeneralSecurityException {
        var versions = new TreeMap<Long, String>();
        for (String text : listed) {
            if (!text.matches("(0|[1-9][0-9]{0,4})\\.(0|[1-9][0-9]{0,4})")) continue;
            int dot = text.indexOf('.');
            versions.put(Long.parseLong(text.substring(0, dot)) * 100_000 + Long.parseLong(text.substring(dot + 1)), text);
        }
        need(!versions.isEmpty(), "no version");
        long top = major(versions.lastKey());
        versions.keySet().removeIf(version -> top - major(version) > 1);
        return versions;
    }

    static long score(Map<String, Object> factors) throws GeneralSecurityException {
        long sum = 0;
        for (var factor : factors.entrySet()) {
            boolean isKnown = WEIGHTS.containsKey(factor.getKey()) && factor.getValue() instanceof Long;
            need(isKnown && (Long) factor.getValue() >= 0 && (Long) factor.getValue() <= 1000, "thousandths");
            sum += WEIGHTS.get(factor.getKey()) * (Long) factor.getValue();
        }
        return sum / 100;
    }
}
