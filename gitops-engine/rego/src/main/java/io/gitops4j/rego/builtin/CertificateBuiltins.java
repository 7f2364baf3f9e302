package io.gitops4j.rego.builtin;

import io.gitops4j.rego.value.ArrayValue;
import io.gitops4j.rego.value.BoolValue;
import io.gitops4j.rego.value.NullValue;
import io.gitops4j.rego.value.NumberValue;
import io.gitops4j.rego.value.ObjectBuilder;
import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** X.509 certificates and requests, shown with the field names of Go's {@code x509} package. */
final class CertificateBuiltins {
    private static final List<String> LISTS = List.of(
            "Country", "Organization", "OrganizationalUnit", "Locality", "Province", "StreetAddress", "PostalCode");

    /** The list in which an attribute of a name is shown, {@code ""} for none. */
    private static String list(String oid) {
        return switch (oid) {
            case "2.5.4.6" -> "Country";
            case "2.5.4.10" -> "Organization";
            case "2.5.4.11" -> "OrganizationalUnit";
            case "2.5.4.7" -> "Locality";
            case "2.5.4.8" -> "Province";
            case "2.5.4.9" -> "StreetAddress";
            case "2.5.4.17" -> "PostalCode";
            default -> "";
        };
    }

    /** Go's number of a signature algorithm. */
    private static NumberValue signatureAlgorithm(String oid) {
        return NumberValue.of(
                switch (oid) {
                    case "1.2.840.113549.1.1.4" -> 2;
                    case "1.2.840.113549.1.1.5" -> 3;
                    case "1.2.840.113549.1.1.11" -> 4;
                    case "1.2.840.113549.1.1.12" -> 5;
                    case "1.2.840.113549.1.1.13" -> 6;
                    case "1.2.840.10045.4.1" -> 9;
                    case "1.2.840.10045.4.3.2" -> 10;
                    case "1.2.840.10045.4.3.3" -> 11;
                    case "1.2.840.10045.4.3.4" -> 12;
                    case "1.3.101.112" -> 16;
                    default -> 0;
                });
    }

    private CertificateBuiltins() {}

    static void register(Builtins.Family family) {
        switch (family.wanted()) {
            case "crypto.x509.parse_certificates" ->
                family.add(1, (c, a) -> shown(certificates(Operands.string(a, 1))));
            case "crypto.x509.parse_and_verify_certificates" ->
                family.add(1, (c, a) -> verified(c, orNone(Operands.string(a, 1)), null));
            case "crypto.x509.parse_and_verify_certificates_with_options" ->
                family.add(2, (c, a) -> {
                    String text = Operands.string(a, 1);
                    ObjectValue options = Operands.object(a, 2);
                    return verified(c, orNone(text), options);
                });
            case "crypto.x509.parse_certificate_request" -> family.add(1, (c, a) -> request(Operands.string(a, 1)));
            case "crypto.x509.parse_keypair" -> family.add(2, (c, a) -> keyPair(a));
            default -> {}
        }
    }

    /** The certificates of a chain to verify: what cannot be read is not verified. */
    private static List<X509Certificate> orNone(String text) {
        try {
            return certificates(text);
        } catch (BuiltinException e) {
            return List.of();
        }
    }

    private static List<X509Certificate> certificates(String text) {
        List<byte[]> encoded = new ArrayList<>();
        byte[] raw = text.contains("-----BEGIN")
                ? text.getBytes(StandardCharsets.UTF_8)
                : GoBase64.decode(text, GoBase64.STANDARD);
        String pem = EncodingBuiltins.utf8(raw);
        if (pem.contains("-----BEGIN")) {
            for (Pem.Block block : Pem.blocks(pem)) {
                if (block.type().equals("CERTIFICATE")) {
                    encoded.add(block.bytes());
                }
            }
        } else {
            for (Der der : Der.all(raw)) {
                encoded.add(der.encoded());
            }
        }
        List<X509Certificate> out = new ArrayList<>();
        try {
            for (byte[] bytes : encoded) {
                out.add((X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes)));
            }
        } catch (GeneralSecurityException e) {
            throw BuiltinException.of("x509: malformed certificate");
        }
        return out;
    }

    private static Value shown(List<X509Certificate> certificates) {
        List<Value> out = new ArrayList<>();
        for (X509Certificate certificate : certificates) {
            out.add(shown(certificate));
        }
        return ArrayValue.of(out);
    }

    private static Value base64(byte @Nullable [] bytes) {
        return bytes == null
                ? NullValue.NULL
                : new StringValue(Base64.getEncoder().encodeToString(bytes));
    }

    private static Value shown(X509Certificate certificate) {
        try {
            byte[] encoded = certificate.getEncoded();
            Der body = Der.read(encoded).child(0);
            List<Der> parts = body.children();
            int from = parts.get(0).tag() == 0xA0 ? 1 : 0;
            ObjectBuilder out = ObjectValue.builder();
            out.put("Raw", base64(encoded));
            out.put("RawTBSCertificate", base64(body.encoded()));
            out.put("RawSubjectPublicKeyInfo", base64(parts.get(from + 5).encoded()));
            out.put("RawSubject", base64(parts.get(from + 4).encoded()));
            out.put("RawIssuer", base64(parts.get(from + 2).encoded()));
            out.put("Signature", base64(certificate.getSignature()));
            out.put("SignatureAlgorithm", signatureAlgorithm(certificate.getSigAlgOID()));
            out.put(
                    "PublicKeyAlgorithm",
                    NumberValue.of(
                            switch (certificate.getPublicKey().getAlgorithm()) {
                                case "RSA" -> 1;
                                case "EC" -> 3;
                                case "EdDSA", "Ed25519" -> 4;
                                default -> 0;
                            }));
            out.put("PublicKey", publicKey(certificate));
            out.put("Version", NumberValue.of(certificate.getVersion()));
            out.put("SerialNumber", NumberValue.of(certificate.getSerialNumber()));
            out.put("Issuer", name(parts.get(from + 2)));
            out.put("Subject", name(parts.get(from + 4)));
            out.put("NotBefore", time(certificate.getNotBefore()));
            out.put("NotAfter", time(certificate.getNotAfter()));
            out.put("KeyUsage", NumberValue.of(keyUsage(certificate)));
            int constraints = certificate.getBasicConstraints();
            out.put("BasicConstraintsValid", BoolValue.of(certificate.getExtensionValue("2.5.29.19") != null));
            out.put("IsCA", BoolValue.of(constraints >= 0));
            out.put(
                    "MaxPathLen",
                    NumberValue.of(
                            constraints == Integer.MAX_VALUE || constraints < 0
                                    ? certificate.getExtensionValue("2.5.29.19") != null ? -1 : 0
                                    : constraints));
            out.put("MaxPathLenZero", BoolValue.of(constraints == 0));
            out.put("SubjectKeyId", base64(keyId(certificate, "2.5.29.14")));
            out.put("AuthorityKeyId", base64(keyId(certificate, "2.5.29.35")));
            alternativeNames(out, certificate.getExtensionValue("2.5.29.17"));
            extensions(out, parts);
            for (String absent : List.of(
                    "ExtraExtensions",
                    "UnhandledCriticalExtensions",
                    "UnknownExtKeyUsage",
                    "OCSPServer",
                    "IssuingCertificateURL",
                    "PermittedDNSDomains",
                    "ExcludedDNSDomains",
                    "PermittedIPRanges",
                    "ExcludedIPRanges",
                    "PermittedEmailAddresses",
                    "ExcludedEmailAddresses",
                    "PermittedURIDomains",
                    "ExcludedURIDomains",
                    "CRLDistributionPoints",
                    "PolicyIdentifiers",
                    "Policies")) {
                out.put(absent, NullValue.NULL);
            }
            out.put("PermittedDNSDomainsCritical", BoolValue.FALSE);
            return out.build();
        } catch (GeneralSecurityException | IndexOutOfBoundsException e) {
            throw BuiltinException.of("x509: malformed certificate");
        }
    }

    private static Value publicKey(X509Certificate certificate) {
        if (certificate.getPublicKey() instanceof java.security.interfaces.RSAPublicKey rsa) {
            return ObjectValue.builder()
                    .put("N", NumberValue.of(rsa.getModulus()))
                    .put("E", NumberValue.of(rsa.getPublicExponent()))
                    .build();
        }
        if (certificate.getPublicKey() instanceof java.security.interfaces.ECPublicKey ec) {
            return ObjectValue.builder()
                    .put("Curve", ObjectValue.empty())
                    .put("X", NumberValue.of(ec.getW().getAffineX()))
                    .put("Y", NumberValue.of(ec.getW().getAffineY()))
                    .build();
        }
        return base64(certificate.getPublicKey().getEncoded());
    }

    private static Value time(Date date) {
        return new StringValue(date.toInstant().toString());
    }

    private static int keyUsage(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        int bits = 0;
        for (int i = 0; usage != null && i < usage.length; i++) {
            bits |= usage[i] ? 1 << i : 0;
        }
        return bits;
    }

    private static byte @Nullable [] keyId(X509Certificate certificate, String oid) {
        byte[] extension = certificate.getExtensionValue(oid);
        if (extension == null) {
            return null;
        }
        Der inner = Der.read(Der.read(extension).content());
        return inner.tag() == Der.SEQUENCE
                ? inner.children().isEmpty() ? null : inner.child(0).content()
                : inner.content();
    }

    private static void alternativeNames(ObjectBuilder out, byte @Nullable [] extension) {
        List<Value> dns = new ArrayList<>();
        List<Value> mail = new ArrayList<>();
        List<Value> addresses = new ArrayList<>();
        List<Value> uris = new ArrayList<>();
        List<Value> uriObjects = new ArrayList<>();
        if (extension != null) {
            for (Der name : Der.read(Der.read(extension).content()).children()) {
                switch (name.tag() & 31) {
                    case 1 -> mail.add(new StringValue(name.text()));
                    case 2 -> dns.add(new StringValue(name.text()));
                    case 6 -> {
                        uris.add(new StringValue(name.text()));
                        uriObjects.add(uri(name.text()));
                    }
                    case 7 ->
                        addresses.add(new StringValue(IpNetwork.text(
                                new java.math.BigInteger(1, name.content()), name.content().length * 8)));
                    default -> {}
                }
            }
        }
        out.put("DNSNames", orNull(dns));
        out.put("EmailAddresses", orNull(mail));
        out.put("IPAddresses", orNull(addresses));
        out.put("URIs", orNull(uriObjects));
        out.put("URIStrings", orNull(uris));
    }

    private static Value uri(String text) {
        int scheme = text.indexOf("://");
        String rest = scheme < 0 ? text : text.substring(scheme + 3);
        int slash = rest.indexOf('/');
        return ObjectValue.builder()
                .put("Scheme", new StringValue(scheme < 0 ? "" : text.substring(0, scheme)))
                .put("Opaque", new StringValue(""))
                .put("User", NullValue.NULL)
                .put("Host", new StringValue(slash < 0 ? rest : rest.substring(0, slash)))
                .put("Path", new StringValue(slash < 0 ? "" : rest.substring(slash)))
                .put("RawPath", new StringValue(""))
                .put("OmitHost", BoolValue.FALSE)
                .put("ForceQuery", BoolValue.FALSE)
                .put("RawQuery", new StringValue(""))
                .put("Fragment", new StringValue(""))
                .put("RawFragment", new StringValue(""))
                .build();
    }

    private static Value orNull(List<Value> values) {
        return values.isEmpty() ? NullValue.NULL : ArrayValue.of(values);
    }

    private static void extensions(ObjectBuilder out, List<Der> parts) {
        List<Value> shown = new ArrayList<>();
        List<Value> usages = new ArrayList<>();
        for (Der part : parts) {
            if (part.tag() != 0xA3) {
                continue;
            }
            for (Der extension : part.child(0).children()) {
                List<Der> fields = extension.children();
                shown.add(ObjectValue.builder()
                        .put("Id", oid(fields.get(0)))
                        .put("Critical", BoolValue.of(fields.size() > 2))
                        .put("Value", base64(fields.get(fields.size() - 1).content()))
                        .build());
                if (fields.get(0).oid().equals("2.5.29.37")) {
                    for (Der usage :
                            Der.read(fields.get(fields.size() - 1).content()).children()) {
                        String id = usage.oid();
                        usages.add(NumberValue.of(
                                id.startsWith("1.3.6.1.5.5.7.3.") ? Integer.parseInt(id.substring(16)) : 0));
                    }
                }
            }
        }
        out.put("Extensions", orNull(shown));
        out.put("ExtKeyUsage", orNull(usages));
    }

    private static Value oid(Der der) {
        List<Value> out = new ArrayList<>();
        for (String part : StringBuiltins.split(der.oid(), ".", -1)) {
            out.add(NumberValue.parse(part));
        }
        return ArrayValue.of(out);
    }

    private static Value name(Der sequence) {
        Map<String, List<Value>> lists = new LinkedHashMap<>();
        String common = "";
        String serial = "";
        List<Value> names = new ArrayList<>();
        for (Der set : sequence.children()) {
            for (Der pair : set.children()) {
                String id = pair.child(0).oid();
                String text = pair.child(1).text();
                names.add(ObjectValue.builder()
                        .put("Type", oid(pair.child(0)))
                        .put("Value", new StringValue(text))
                        .build());
                if (id.equals("2.5.4.3")) {
                    common = text;
                } else if (id.equals("2.5.4.5")) {
                    serial = text;
                } else if (!list(id).isEmpty()) {
                    lists.computeIfAbsent(list(id), any -> new ArrayList<>()).add(new StringValue(text));
                }
            }
        }
        ObjectBuilder out = ObjectValue.builder();
        for (String list : LISTS) {
            out.put(list, orNull(lists.getOrDefault(list, List.of())));
        }
        out.put("CommonName", new StringValue(common));
        out.put("SerialNumber", new StringValue(serial));
        out.put("Names", orNull(names));
        out.put("ExtraNames", NullValue.NULL);
        return out.build();
    }

    private static Value verified(BuiltinContext context, List<X509Certificate> chain, @Nullable ObjectValue options) {
        Value refused = ArrayValue.of(BoolValue.FALSE, ArrayValue.empty());
        if (chain.size() < 2) {
            return refused;
        }
        Instant now = Instant.ofEpochSecond(0, context.nowNanos());
        if (options != null && options.get("CurrentTime") instanceof NumberValue at) {
            now = Instant.ofEpochSecond(0, at.longValue());
        }
        String host = options != null && options.get("DNSName") instanceof StringValue text ? text.text() : "";
        try {
            for (int i = 0; i < chain.size(); i++) {
                X509Certificate issuer = chain.get(Math.max(0, i - 1));
                chain.get(i).checkValidity(Date.from(now));
                if (i > 0) {
                    chain.get(i).verify(issuer.getPublicKey());
                    if (!chain.get(i).getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
                            || issuer.getBasicConstraints() < 0) {
                        return refused;
                    }
                }
            }
        } catch (GeneralSecurityException e) {
            return refused;
        }
        X509Certificate leaf = chain.get(chain.size() - 1);
        if (!host.isEmpty() && !leafNames(leaf).contains(host)) {
            return refused;
        }
        List<Value> out = new ArrayList<>();
        for (int i = chain.size() - 1; i >= 0; i--) {
            out.add(shown(chain.get(i)));
        }
        return ArrayValue.of(BoolValue.TRUE, ArrayValue.of(out));
    }

    private static List<String> leafNames(X509Certificate leaf) {
        List<String> out = new ArrayList<>();
        Value names = shown(leaf).get(new StringValue("DNSNames"));
        if (names instanceof ArrayValue array) {
            for (Value name : array.toArray()) {
                out.add(name.display());
            }
        }
        return out;
    }

    private static Value request(String text) {
        byte[] raw = text.contains("-----BEGIN")
                ? text.getBytes(StandardCharsets.UTF_8)
                : GoBase64.decode(text, GoBase64.STANDARD);
        String pem = EncodingBuiltins.utf8(raw);
        if (pem.contains("-----BEGIN")) {
            List<Pem.Block> blocks = Pem.blocks(pem);
            if (blocks.isEmpty() || !blocks.get(0).type().endsWith("CERTIFICATE REQUEST")) {
                throw BuiltinException.of("invalid PEM-encoded certificate signing request");
            }
            raw = blocks.get(0).bytes();
        }
        Der outer = Der.read(raw);
        if (outer.tag() != Der.SEQUENCE || outer.children().size() != 3) {
            throw Der.malformed();
        }
        Der info = outer.child(0);
        ObjectBuilder out = ObjectValue.builder();
        out.put("Raw", base64(outer.encoded()));
        out.put("RawTBSCertificateRequest", base64(info.encoded()));
        out.put("RawSubjectPublicKeyInfo", base64(info.child(2).encoded()));
        out.put("RawSubject", base64(info.child(1).encoded()));
        out.put("Version", NumberValue.of(info.child(0).integer()));
        out.put("Subject", name(info.child(1)));
        out.put("SignatureAlgorithm", signatureAlgorithm(outer.child(1).child(0).oid()));
        byte[] extension = null;
        for (Der attribute : info.children().size() > 3 ? info.child(3).children() : List.<Der>of()) {
            if (attribute.child(0).oid().equals("1.2.840.113549.1.9.14")) {
                for (Der one : attribute.child(1).child(0).children()) {
                    if (one.child(0).oid().equals("2.5.29.17")) {
                        extension = one.child(one.children().size() - 1).encoded();
                    }
                }
            }
        }
        alternativeNames(out, extension);
        return out.build();
    }

    private static Value keyPair(Value[] args) {
        List<Value> out = new ArrayList<>();
        try {
            for (X509Certificate certificate : certificates(Operands.string(args, 1))) {
                out.add(base64(certificate.getEncoded()));
            }
        } catch (GeneralSecurityException e) {
            throw BuiltinException.of("x509: malformed certificate");
        }
        List<Pem.Block> keys = Pem.blocks(CryptoBuiltins.pem(Operands.string(args, 2)));
        if (out.isEmpty() || keys.isEmpty()) {
            throw BuiltinException.of("tls: failed to find any PEM data in key input");
        }
        return ObjectValue.builder()
                .put("Certificate", ArrayValue.of(out))
                .put("OCSPStaple", NullValue.NULL)
                .put("SignedCertificateTimestamps", NullValue.NULL)
                .put("SupportedSignatureAlgorithms", NullValue.NULL)
                .put("Leaf", shown(certificates(Operands.string(args, 1)).get(0)))
                .build();
    }
}
