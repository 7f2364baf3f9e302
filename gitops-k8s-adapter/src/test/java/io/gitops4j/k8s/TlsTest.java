package io.gitops4j.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.gitops4j.problem.GitOpsException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers whose certificate is right, of nobody known, of another host and of another time. */
class TlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path folder;

    @Test
    void aServer_isTrustedByTheAuthorityThatIsGiven_andByNoOther() throws Exception {
        certificate("san=ip:127.0.0.1");
        assertThat(asked(true, "TLSv1.3")).isEqualTo("v1.36.0");
        assertThat(asked(true, "TLSv1.2")).isEqualTo("v1.36.0");
        assertThat(asked(false, "TLSv1.3")).isEqualTo("CLUSTER_TLS");
    }

    @Test
    void aCertificateOfAnotherHost_isNotTrusted() throws Exception {
        certificate("san=dns:elsewhere.example");
        assertThat(asked(true, "TLSv1.3")).isEqualTo("CLUSTER_TLS");
    }

    @Test
    void anExpiredCertificate_isNotTrusted() throws Exception {
        run("k", "-genkeypair", "-keyalg", "EC", "-dname", "CN=test");
        run("ca", "-genkeypair", "-keyalg", "EC", "-dname", "CN=authority", "-ext", "bc:c");
        run("k", "-certreq", "-file", path("request"));
        String week = "-startdate -9d -validity 7 -ext san=ip:127.0.0.1 -rfc";
        List<String> sign =
                new ArrayList<>(List.of("-gencert", "-infile", path("request"), "-outfile", path("signed")));
        sign.addAll(List.of(week.split(" ", -1)));
        run("ca", sign.toArray(String[]::new));
        run("ca", "-exportcert", "-rfc", "-file", path("authority.pem"));
        run("k", "-importcert", "-noprompt", "-file", path("signed"));
        assertThat(asked(true, "TLSv1.3")).isEqualTo("CLUSTER_TLS");
    }

    /** A key with a certificate of its own, which is the authority as well. */
    private void certificate(String names) throws Exception {
        run("k", "-genkeypair", "-keyalg", "EC", "-dname", "CN=test", "-ext", names);
        run("k", "-exportcert", "-rfc", "-file", path("authority.pem"));
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    /** What a server with the key of the store answers, or the code of the failure. */
    private String asked(boolean known, String protocol) throws Exception {
        Path store = folder.resolve("keys.p12");
        Path certificate = folder.resolve("authority.pem");
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                javax.net.ssl.SSLParameters chosen = tls.getDefaultSSLParameters();
                chosen.setProtocols(new String[] {protocol});
                parameters.setSSLParameters(chosen);
            }
        });
        server.createContext("/version", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write("{\"gitVersion\":\"v1.36.0\"}".getBytes(StandardCharsets.UTF_8));
            }
        });
        server.start();
        String authority = known
                ? ", certificate-authority-data: " + Base64.getEncoder().encodeToString(Files.readAllBytes(certificate))
                : "";
        Path kubeconfig = Files.writeString(
                folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: dev
                contexts: [{name: dev, context: {user: u, cluster: c}}]
                users: [{name: u, user: {token: CANARY}}]
                clusters: [{name: c, cluster: {server: 'https://127.0.0.1:%d'%s}}]
                """.formatted(server.getAddress().getPort(), authority));
        try (KubernetesCluster cluster = Kubeconfig.read(kubeconfig)
                .orThrow()
                .open("", ClientOptions.defaults().withRetries(0))
                .orThrow()) {
            return cluster.version();
        } catch (GitOpsException e) {
            assertThat(e).hasMessageNotContaining("CANARY");
            return e.code();
        } finally {
            server.stop(0);
        }
    }

    private void run(String alias, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-alias",
                alias,
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                folder.resolve("keys.p12").toString()));
        command.add(2, arguments[0]);
        command.addAll(List.of(arguments).subList(1, arguments.length));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.txt").toFile())
                .start();
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    }
}
