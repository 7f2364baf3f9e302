package io.gitops4j.k8s;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.net.http.HttpClient;

/** Makes fabric8 clients that follow no redirect, which would carry the login elsewhere, and leave retries and threads to us. */
final class Clients {
    private Clients() {}

    static KubernetesClient of(Config config, ClientOptions options) {
        // The client puts its own name into every request, whatever the request says.
        config.setUserAgent(options.userAgent());
        config.setRequestRetryBackoffLimit(0);
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(new Factory())
                .build();
    }

    private static final class Factory extends JdkHttpClientFactory {
        @Override
        protected HttpClient.Builder createNewHttpClientBuilder() {
            return CallerThreadHttp.builder(super.createNewHttpClientBuilder());
        }

        @Override
        protected void additionalConfig(HttpClient.Builder builder) {
            builder.followRedirects(HttpClient.Redirect.NEVER);
        }
    }
}
