package io.gitops4j.codec;

import static java.util.Comparator.comparingInt;

import io.gitops4j.codec.ScalarResolver.Scalar;
import io.gitops4j.codec.ScalarResolver.Type;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonNumber;
import io.gitops4j.json.JsonObject;
import io.gitops4j.json.JsonString;
import io.gitops4j.problem.Limits;
import io.gitops4j.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;

/**
 * Builds the value of one document from its events. Aliases share the value that they name; what they would add when
 * written out is counted and bounded, so that a bomb costs no more than its text.
 */
final class Composer {
    private static final String TAG_PREFIX = "tag:yaml.org,2002:";
    private static final int WARNINGS = 100;

    private final Dialect dialect;
    private final Strictness strictness;
    private final boolean strict;
    private final ScalarResolver resolver;
    private final Limits limits;
    private final EventSource events;
    private final KeyPool keys;
    private final List<Problem> warnings;
    private final Map<String, Anchor> anchors = new HashMap<>();
    private final Map<Json, Mark> binaries = new IdentityHashMap<>();
    private @Nullable List<Integer> itemLines;
    private boolean isItems;
    private long nodes;
    private long aliasNodes;
    private long characters;

    Composer(
            Dialect dialect,
            Strictness strictness,
            Limits limits,
            EventSource events,
            KeyPool keys,
            List<Problem> warnings) {
        this.dialect = dialect;
        this.strictness = strictness;
        this.strict = strictness == Strictness.GIT;
        this.resolver = dialect.resolver();
        this.limits = limits;
        this.events = events;
        this.keys = keys;
        this.warnings = warnings;
    }

    /** What an anchor names, and how much it is when written out; {@code value} is {@code null} while it is being read. */
    private static final class Anchor {
        private @Nullable Json value;
        private long nodes;
        private long characters;
    }

    /** The root value. */
    Json compose() {
        Json root = node(events.next(), 1, false);
        if (!binaries.isEmpty()) {
            allowBinaries(root);
            binaries.values().stream().min(comparingInt(Mark::getIndex)).ifPresent(mark -> {
                throw events.refuse(mark, "TAG", "!!binary stands outside of the data of a Secret or ConfigMap");
            });
        }
        return root;
    }

    /** The 0-based lines of the piece where the items of a root {@code items} begin; empty when none were written there. */
    List<Integer> itemLines() {
        List<Integer> lines = itemLines;
        return lines == null ? List.of() : Collections.unmodifiableList(lines);
    }

    /** Takes the values that may be binary off the list: those right under the data of a Secret or ConfigMap. */
    private void allowBinaries(Json value) {
        if (value instanceof JsonArray array) {
            array.forEach(this::allowBinaries);
        } else if (value instanceof JsonObject object) {
            String kind = object.text("kind", "");
            if (kind.equals("Secret") || kind.equals("ConfigMap")) {
                for (String field : List.of("data", "binaryData")) {
                    object.object(field).forEach((key, each) -> binaries.remove(each));
                }
            }
            object.forEach((key, each) -> allowBinaries(each));
        }
    }

    private Json node(Event event, int depth, boolean inFlow) {
        count(event);
        if (event instanceof ScalarEvent scalar) {
            return anchored(scalar, scalar(scalar, inFlow), 1);
        }
        if (event instanceof AliasEvent alias) {
            return alias(alias);
        }
        if (depth > limits.depth()) {
            throw events.refuse(event.getStartMark(), "DEPTH_LIMIT", "nested deeper than " + limits.depth());
        }
        String name = ((NodeEvent) event).getAnchor();
        if (name == null) {
            return collection(event, depth);
        }
        Anchor anchor = new Anchor();
        anchors.put(name, anchor);
        long nodesBefore = nodes;
        long charactersBefore = characters;
        Json value = collection(event, depth);
        anchor.value = value;
        anchor.nodes = nodes - nodesBefore + 1;
        anchor.characters = characters - charactersBefore;
        return value;
    }

    private Json collection(Event event, int depth) {
        String tag = ((CollectionStartEvent) event).getTag();
        if (tag != null && strictness.refusesTag(tag)) {
            throw foreign(event, tag);
        }
        return event instanceof MappingStartEvent mapping
                ? dialect != Dialect.KUSTOMIZE ? lastWins(mapping, depth) : unique(mapping, depth)
                : sequence((SequenceStartEvent) event, depth);
    }

    private Json anchored(ScalarEvent event, Json value, long size) {
        String name = event.getAnchor();
        if (name != null) {
            Anchor anchor = new Anchor();
            anchor.value = value;
            anchor.nodes = size;
            anchor.characters = event.getValue().length();
            anchors.put(name, anchor);
        }
        return value;
    }

    private void count(Event event) {
        if (++nodes > limits.nodes()) {
            throw events.refuse(event.getStartMark(), "NODE_LIMIT", "more than " + limits.nodes() + " values");
        }
    }

    private Json alias(AliasEvent event) {
        Anchor anchor = anchors.get(event.getAnchor());
        if (anchor == null) {
            throw events.refuse(
                    event.getStartMark(), "UNKNOWN_ALIAS", "unknown anchor '" + event.getAnchor() + "' referenced");
        }
        Json value = anchor.value;
        if (value == null) {
            throw events.refuse(
                    event.getStartMark(),
                    "RECURSIVE_ALIAS",
                    "anchor '" + event.getAnchor() + "' value contains itself");
        }
        nodes += anchor.nodes;
        aliasNodes += anchor.nodes;
        characters += anchor.characters;
        if (aliasNodes > limits.aliasExpansions() || nodes > limits.nodes() || isExcessive()) {
            throw events.refuse(event.getStartMark(), "ALIAS_LIMIT", "document contains excessive aliasing");
        }
        if (characters > limits.documentBytes()) {
            throw events.refuse(
                    event.getStartMark(), "EXPANSION_LIMIT", "aliases expand to more text than a document may have");
        }
        return value;
    }

    /** go-yaml v2's rule: the share of aliased values may be 99%, falling to 10% in documents of four million values. */
    private boolean isExcessive() {
        if (dialect == Dialect.KUSTOMIZE || aliasNodes <= 100 || nodes <= 1000) {
            return false;
        }
        double share = (double) aliasNodes / nodes;
        if (nodes <= 400_000) {
            return share > 0.99;
        }
        return share > (nodes >= 4_000_000 ? 0.10 : 0.99 - 0.89 * ((nodes - 400_000) / 3_600_000.0));
    }

    private Json sequence(SequenceStartEvent start, int depth) {
        JsonArray.Builder out = JsonArray.builder();
        boolean flow = start.isFlow();
        List<Integer> lines = isItems && depth == 2 ? new ArrayList<>() : null;
        Event event = events.next();
        while (!event.is(Event.ID.SequenceEnd)) {
            if (lines != null) {
                lines.add(event.getStartMark().getLine());
            }
            out.add(node(event, depth + 1, flow));
            event = events.next();
        }
        itemLines = lines == null ? itemLines : lines;
        return out.build();
    }

    /** go-yaml v2: members count in the order written, merge keys among them. */
    private Json lastWins(MappingStartEvent start, int depth) {
        JsonObject.Builder out = JsonObject.builder();
        boolean merged = false;
        Event event = events.next();
        while (!event.is(Event.ID.MappingEnd)) {
            if (isMerge(event)) {
                count(event);
                List<JsonObject> parts = mergeParts(events.next(), depth);
                for (int i = parts.size() - 1; i >= 0; i--) {
                    parts.get(i).forEach(out::put);
                }
                merged = true;
            } else {
                String key = key(event, depth);
                isItems = depth == 1 && key.equals("items");
                int before = out.size();
                out.put(key, node(events.next(), depth + 1, start.isFlow()));
                if (out.size() == before && !merged && strict) {
                    throw new Refusal(duplicate(event, key, Problem.error("DUPLICATE_KEY", "")));
                }
                if (out.size() == before && !merged && warnings.size() < WARNINGS) {
                    warnings.add(duplicate(event, key, Problem.warning("DUPLICATE_KEY", "")));
                }
            }
            event = events.next();
        }
        return out.build();
    }

    /** go-yaml v3 under kyaml: equal keys are refused, explicit keys beat merged ones. */
    private Json unique(MappingStartEvent start, int depth) {
        JsonObject.Builder out = JsonObject.builder();
        List<JsonObject> merges = null;
        Event event = events.next();
        while (!event.is(Event.ID.MappingEnd)) {
            if (isMerge(event)) {
                if (merges != null) {
                    throw events.refuse(event.getStartMark(), "DUPLICATE_KEY", "duplicate merge key");
                }
                count(event);
                merges = mergeParts(events.next(), depth);
            } else {
                String key = key(event, depth);
                isItems = depth == 1 && key.equals("items");
                int before = out.size();
                Json value = node(events.next(), depth + 1, start.isFlow());
                // kyaml takes a quoted "<<" for a merge key too, and then merges nothing.
                if (!key.equals("<<")) {
                    out.put(key, value);
                    if (out.size() == before) {
                        throw new Refusal(duplicate(event, key, Problem.error("DUPLICATE_KEY", "")));
                    }
                }
            }
            event = events.next();
        }
        if (merges != null) {
            for (JsonObject part : merges) {
                part.forEach((key, value) -> {
                    if (!out.has(key)) {
                        out.put(key, value);
                    }
                });
            }
        }
        return out.build();
    }

    private Problem duplicate(Event event, String key, Problem kind) {
        String text = "mapping key \"" + key + "\" is already defined";
        return new Problem(kind.severity(), kind.code(), text, events.where(event.getStartMark()), "");
    }

    private static boolean isMerge(Event event) {
        return event instanceof ScalarEvent scalar
                && scalar.getValue().equals("<<")
                && (scalar.getTag() == null
                        ? scalar.getScalarStyle() == ScalarStyle.PLAIN
                        : scalar.getTag().equals(TAG_PREFIX + "merge"));
    }

    private List<JsonObject> mergeParts(Event event, int depth) {
        List<JsonObject> parts = new ArrayList<>();
        if (event instanceof SequenceStartEvent) {
            count(event);
            Event item = events.next();
            while (!item.is(Event.ID.SequenceEnd)) {
                parts.add(mergePart(item, depth));
                item = events.next();
            }
        } else {
            parts.add(mergePart(event, depth));
        }
        return parts;
    }

    private JsonObject mergePart(Event event, int depth) {
        if (!(event instanceof ScalarEvent) && node(event, depth + 1, false) instanceof JsonObject object) {
            return object;
        }
        throw events.refuse(
                event.getStartMark(), "MERGE_TYPE", "map merge requires map or sequence of maps as the value");
    }

    private String key(Event event, int depth) {
        count(event);
        if (event instanceof ScalarEvent scalar) {
            String key = scalarKey(scalar, depth);
            anchored(scalar, Json.of(key), 1);
            return key;
        }
        if (event instanceof AliasEvent alias) {
            Json value = alias(alias);
            if (value instanceof JsonString text) {
                return text.value();
            }
            if (dialect != Dialect.KUSTOMIZE
                    && !value.isNull()
                    && value.asObject() == null
                    && value.asArray() == null) {
                return value instanceof JsonNumber number && !number.isLong()
                        ? GoNumbers.general32(number.doubleValue())
                        : value.toJson();
            }
        }
        throw events.refuse(event.getStartMark(), "KEY_TYPE", "invalid map key: a key must be a scalar");
    }

    private String scalarKey(ScalarEvent event, int depth) {
        String text = event.getValue();
        String tag = event.getTag();
        if (tag == null && event.getScalarStyle() != ScalarStyle.PLAIN) {
            return keys.pooled(text);
        }
        Scalar scalar = tag == null ? resolver.resolve(text, dialect == Dialect.KUSTOMIZE) : tagged(event, tag);
        if (scalar == null || (scalar.type() == Type.STRING && scalar.key() != null)) {
            return keys.pooled(scalar == null ? text : ((JsonString) scalar.value()).value());
        }
        if (dialect == Dialect.KUSTOMIZE) {
            if (depth == 1 && scalar.type() != Type.NULL) {
                return text;
            }
        } else if (scalar.key() != null) {
            return scalar.key();
        }
        throw events.refuse(
                event.getStartMark(),
                "KEY_TYPE",
                "unsupported map key of type " + scalar.type().tag() + ": " + text);
    }

    private Json scalar(ScalarEvent event, boolean inFlow) {
        String text = event.getValue();
        characters += text.length();
        if (text.length() > limits.scalarBytes()) {
            throw events.refuse(event.getStartMark(), "SCALAR_LIMIT", "longer than " + limits.scalarBytes());
        }
        if (strict && text.indexOf('\0') >= 0) {
            throw events.refuse(event.getStartMark(), "BAD_ENCODING", "a text with the character U+0000");
        }
        String tag = event.getTag();
        if (tag != null) {
            Scalar scalar = tagged(event, tag);
            return scalar == null ? Json.of(text) : finite(event, scalar);
        }
        ScalarStyle style = event.getScalarStyle();
        if (style == ScalarStyle.PLAIN) {
            if (dialect == Dialect.KUSTOMIZE) {
                return kustomizePlain(event, text, inFlow);
            }
            Scalar scalar = resolver.resolve(text, false);
            if (scalar == null) {
                if (strict && GoNumbers.isTooLarge(text)) {
                    throw events.refuse(event.getStartMark(), "NUMBER", "no float64 holds so large a number");
                }
                return Json.of(text);
            }
            return finite(event, scalar);
        }
        if (style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED) {
            refuseLeadingTab(event, text);
        }
        if (dialect == Dialect.KUSTOMIZE) {
            return kustomizeQuoted(event, text, style);
        }
        return Json.of(text);
    }

    /** The first line of a block scalar sets its indentation, so it cannot go on with a tab. */
    private void refuseLeadingTab(ScalarEvent event, String text) {
        int first = 0;
        while (first < text.length() && text.charAt(first) == '\n') {
            first++;
        }
        if (first < text.length() && text.charAt(first) == '\t' && !events.hasIndentation(event)) {
            throw events.refuse(
                    event.getStartMark(),
                    "YAML_SYNTAX",
                    "found a tab character where an indentation space is expected");
        }
    }

    private Json kustomizePlain(ScalarEvent event, String text, boolean inFlow) {
        if (text.isEmpty() && inFlow) {
            // Between kustomize's steps an empty value in a flow collection is printed as ''.
            return Json.of("");
        }
        Scalar scalar = resolver.resolve(text, true);
        return scalar == null ? Json.of(text) : finite(event, scalar);
    }

    private Json kustomizeQuoted(ScalarEvent event, String text, ScalarStyle style) {
        if (style == ScalarStyle.FOLDED) {
            return Json.of(Folding.reprinted(text));
        }
        if (text.indexOf(0x7F) >= 0) {
            throw events.refuse(event.getStartMark(), "YAML_SYNTAX", "control characters are not allowed");
        }
        return Json.of(text);
    }

    private Json finite(ScalarEvent event, Scalar scalar) {
        if (scalar.type() == Type.NOT_FINITE) {
            throw events.refuse(event.getStartMark(), "NUMBER", "JSON has no such number: " + event.getValue());
        }
        return scalar.value();
    }

    /** The meaning of a scalar with a tag; {@code null} for its text as a string. */
    private @Nullable Scalar tagged(ScalarEvent event, String tag) {
        String text = event.getValue();
        if (tag.equals("!")) {
            return resolver.resolve(text, dialect == Dialect.KUSTOMIZE);
        }
        if (strictness.refusesTag(tag)) {
            throw foreign(event, tag);
        }
        if (!tag.startsWith(TAG_PREFIX)) {
            return null;
        }
        String kind = tag.substring(TAG_PREFIX.length());
        return switch (kind) {
            case "binary" -> binary(event);
            case "int", "float", "bool", "null", "timestamp" -> typed(event, "!!" + kind);
            default -> null;
        };
    }

    private Refusal foreign(Event event, String tag) {
        return events.refuse(event.getStartMark(), "TAG", "tag " + tag + " is none of YAML's own");
    }

    private @Nullable Scalar typed(ScalarEvent event, String tag) {
        String text = event.getValue();
        Scalar scalar = resolver.resolve(text, tag.equals("!!timestamp"));
        String found = scalar == null ? "!!str" : scalar.type().tag();
        if (scalar != null && scalar.type() == Type.TIMESTAMP) {
            return dialect != Dialect.KUSTOMIZE ? null : scalar;
        }
        if (scalar != null && found.equals(tag)) {
            return scalar;
        }
        if (scalar != null && tag.equals("!!float") && scalar.type() == Type.INT) {
            double value = ((JsonNumber) scalar.value()).doubleValue();
            return new Scalar(Type.FLOAT, ScalarResolver.float64(value), GoNumbers.general32(value));
        }
        throw events.refuse(event.getStartMark(), "TAG", "cannot decode " + found + " `" + text + "` as a " + tag);
    }

    private Scalar binary(ScalarEvent event) {
        try {
            String packed = event.getValue().replace("\n", "").replace("\r", "");
            byte[] bytes = Base64.getDecoder().decode(packed);
            String text = new String(bytes, StandardCharsets.UTF_8);
            Json value = Json.of(text);
            if (strict) {
                binaries.put(value, event.getStartMark());
            }
            return new Scalar(Type.STRING, value, text);
        } catch (IllegalArgumentException e) {
            throw events.refuse(event.getStartMark(), "TAG", "!!binary value contains invalid base64 data");
        }
    }
}
