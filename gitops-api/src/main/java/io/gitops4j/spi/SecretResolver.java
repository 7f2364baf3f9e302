package io.gitops4j.spi;

import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import io.gitops4j.secret.SecretValue;
import java.util.List;
import java.util.Map;

/** Looks up secrets that a manifest only refers to. A resolved value is never searched for further references. */
public interface SecretResolver {

    /** The schemes that it answers for, such as {@code vault}, {@code file}. */
    List<String> schemes();

    /**
     * The values of all {@code refs}, in their order. Problems, never holding a value: {@code MISSING_SECRET},
     * {@code REF_PATH} (outside what is allowed), {@code VALUE_SIZE}, {@code TIMEOUT}.
     */
    Outcome<Map<Ref, SecretValue>> resolve(List<Ref> refs);

    /**
     * Every secret below a path, whole, by its name there; whoever asks picks out of them. Problems as those of
     * {@link #resolve}, and {@code UNSUPPORTED_REFERENCE} from who cannot list.
     *
     * @param scheme one of {@link #schemes()}
     * @param path where to look, {@code ""} for everywhere
     */
    default Outcome<Map<String, SecretValue>> list(String scheme, String path) {
        return Outcome.failed(
                Problem.error("UNSUPPORTED_REFERENCE", "secrets of " + scheme + " cannot be listed here"));
    }

    /**
     * A reference.
     *
     * @param scheme who answers
     * @param path where it lies
     * @param key which entry there, {@code ""} for the whole
     * @param version which version, {@code ""} for the latest
     */
    record Ref(String scheme, String path, String key, String version) {}
}
