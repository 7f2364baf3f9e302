package io.gitops4j.rego.eval;

import io.gitops4j.rego.value.ObjectValue;
import io.gitops4j.rego.value.StringValue;
import io.gitops4j.rego.value.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Input, data and replaced functions in force, with the results that hold under them. Each {@code with} makes a new one. */
final class Scope {
    final Run run;
    final @Nullable Value input;
    final Value data;
    final @Nullable Overrides overrides;
    final @Nullable Map<String, Mock> mocks;
    private final @Nullable Object[] documents;
    private final @Nullable CallMemo[] calls;
    private @Nullable Object @Nullable [] asked;
    private @Nullable Scope withoutMocks;

    Scope(
            Run run,
            @Nullable Value input,
            Value data,
            @Nullable Overrides overrides,
            @Nullable Map<String, Mock> mocks) {
        this.run = run;
        this.input = input;
        this.data = data;
        this.overrides = overrides;
        this.mocks = mocks;
        this.documents = new Object[run.program.documentCount];
        this.calls = run.program.functionCount == 0 ? NO_CALLS : new CallMemo[run.program.functionCount];
    }

    private static final CallMemo[] NO_CALLS = new CallMemo[0];

    /** What is known of a rule's document, {@code null} when it was not asked for yet. */
    @Nullable
    Object document(int id) {
        return documents[id];
    }

    void document(int id, @Nullable Object value) {
        documents[id] = value;
    }

    /** What a partial rule keeps while its keys are asked for one by one. */
    @SuppressWarnings("unchecked") // each rule keeps one type only
    <T> T asked(int id, java.util.function.Supplier<T> make) {
        @Nullable Object[] known = asked;
        if (known == null) {
            known = new Object[documents.length];
            asked = known;
        }
        Object state = known[id];
        if (state == null) {
            state = make.get();
            known[id] = state;
        }
        return (T) state;
    }

    CallMemo calls(int id) {
        CallMemo memo = calls[id];
        if (memo == null) {
            memo = new CallMemo();
            calls[id] = memo;
        }
        return memo;
    }

    @Nullable
    Mock mock(String function) {
        return mocks == null ? null : mocks.get(function);
    }

    static Map<String, Mock> copy(@Nullable Map<String, Mock> mocks) {
        return mocks == null ? new LinkedHashMap<>() : new LinkedHashMap<>(mocks);
    }

    /** This scope with every function itself again: what a replacement sees. */
    Scope withoutMocks() {
        Scope known = withoutMocks;
        if (known == null) {
            known = new Scope(run, input, data, overrides, null);
            withoutMocks = known;
        }
        return known;
    }

    /** Whether data at {@code path} was replaced, at it or above it. */
    boolean replaced(String[] path, int length) {
        return overrides != null && overrides.covers(path, length);
    }

    /** The base document at {@code path}. */
    @Nullable
    Value base(String[] path, int length) {
        Value at = data;
        for (int i = 0; i < length && at != null; i++) {
            at = at instanceof ObjectValue object ? object.get(path[i]) : at.get(new StringValue(path[i]));
        }
        return at;
    }

    /** What stands in for a function: another function, or a value. */
    record Mock(@Nullable CallTarget function, @Nullable Value value) {}

    /** The paths of data that were replaced. */
    static final class Overrides {
        private final String[] path;
        private final @Nullable Overrides rest;

        Overrides(String[] path, @Nullable Overrides rest) {
            this.path = path;
            this.rest = rest;
        }

        boolean covers(String[] other, int length) {
            for (Overrides at = this; at != null; at = at.rest) {
                if (at.path.length <= length && startsWith(other, at.path)) {
                    return true;
                }
            }
            return false;
        }

        private static boolean startsWith(String[] path, String[] prefix) {
            for (int i = 0; i < prefix.length; i++) {
                if (!path[i].equals(prefix[i])) {
                    return false;
                }
            }
            return true;
        }
    }
}
