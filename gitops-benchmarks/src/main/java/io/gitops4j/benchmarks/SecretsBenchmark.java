package io.gitops4j.benchmarks;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.secret.SecretObject;
import io.gitops4j.secrets.sealed.KeyGeneration;
import io.gitops4j.secrets.sealed.SealScope;
import io.gitops4j.secrets.sealed.SealedSecrets;
import io.gitops4j.secrets.sealed.SealingKey;
import io.gitops4j.secrets.sealed.SealingKeys;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.MGF1ParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Sealing and opening a Secret of one item with an RSA-4096 key, beside the JDK's bare RSA on the same sizes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@SuppressWarnings("NullAway.Init")
public class SecretsBenchmark {
    private final SecureRandom random = new SecureRandom();
    private SealingKey key;
    private SealingKeys keys;
    private SecretObject secret;
    private JsonObject sealed;
    private KeyPair bare;
    private byte[] wrapped;

    /** Makes the keys. */
    @Setup
    public void prepare() throws GeneralSecurityException {
        key = KeyGeneration.generate(4096, Instant.EPOCH, Duration.ofDays(3650), random);
        keys = SealingKeys.of(java.util.List.of(key));
        secret = SecretObject.of(JsonObject.builder()
                .put("apiVersion", "v1")
                .put("kind", "Secret")
                .put(
                        "metadata",
                        JsonObject.builder()
                                .put("name", "db")
                                .put("namespace", "shop")
                                .build())
                .put("stringData", JsonObject.of("password", Json.of("correct horse battery staple")))
                .build());
        sealed = seal();
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(4096, random);
        bare = generator.generateKeyPair();
        Cipher cipher = cipher(Cipher.ENCRYPT_MODE);
        wrapped = cipher.doFinal(new byte[32]);
    }

    private Cipher cipher(int mode) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
        cipher.init(
                mode,
                mode == Cipher.ENCRYPT_MODE ? bare.getPublic() : bare.getPrivate(),
                new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
        return cipher;
    }

    /** Seals one Secret. */
    @Benchmark
    public JsonObject seal() {
        return SealedSecrets.plain()
                .seal(secret, key.publicKey(), SealScope.STRICT, random)
                .orThrow();
    }

    /** Opens one SealedSecret. */
    @Benchmark
    public SecretObject unseal() {
        return SealedSecrets.plain().unseal(sealed, keys).orThrow();
    }

    /** The JDK's decryption alone, the bound of {@link #unseal}. */
    @Benchmark
    public byte[] bareDecrypt() throws GeneralSecurityException {
        return cipher(Cipher.DECRYPT_MODE).doFinal(wrapped);
    }

    /** The same by CPU time of the thread, which other load on the machine does not change much: operations a second a core. */
    public static void main(String[] args) throws Exception {
        SecretsBenchmark benchmark = new SecretsBenchmark();
        benchmark.prepare();
        for (int round = 0; round < 3; round++) {
            System.out.printf(
                    Locale.ROOT,
                    "seal %.0f/s, unseal %.1f/s, the JDK's bare decryption %.1f/s%n",
                    rate(benchmark::seal),
                    rate(benchmark::unseal),
                    rate(benchmark::bareDecrypt));
        }
    }

    private static double rate(Callable<?> operation) throws Exception {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        long used = 0;
        int times = 0;
        while (used < 2_000_000_000L) {
            operation.call();
            times++;
            used = threads.getCurrentThreadCpuTime() - start;
        }
        return times * 1e9 / used;
    }
}
