package io.gitops4j.diff.jq;

import java.util.List;

/** Functions of the language that are written in it. */
final class Prelude {
    private static final String TEXT = """
            def map(f): [.[] | f];
            def select(f): if f then . else empty end;
            def recurse(f): def r: ., (f | r); r;
            def recurse: recurse(.[]?);
            def recurse(f; cond): def r: ., (f | select(cond) | r); r;
            def values: select(. != null);
            def nulls: select(. == null);
            def booleans: select(type == "boolean");
            def numbers: select(type == "number");
            def strings: select(type == "string");
            def arrays: select(type == "array");
            def objects: select(type == "object");
            def iterables: select(type == "array" or type == "object");
            def scalars: select(type != "array" and type != "object");
            def to_entries: [keys[] as $k | {key: $k, value: .[$k]}];
            def from_entries: reduce .[] as $e ({}; . + {($e | if .key != null then .key elif .k != null then .k elif .name != null then .name elif .Key != null then .Key elif .Name != null then .Name else null end | if type == "string" then . else tojson end): ($e | if has("value") then .value elif has("v") then .v else .Value end)});
            def with_entries(f): to_entries | map(f) | from_entries;
            def add: reduce .[] as $x (null; . + $x);
            def add(f): reduce f as $x (null; . + $x);
            def any(f): reduce (.[] | f) as $x (false; . or $x);
            def all(f): reduce (.[] | f) as $x (true; . and $x);
            def any(g; f): isempty(first(g | f | select(.))) | not;
            def all(g; f): isempty(first(g | f | select(. | not)));
            def any: any(.);
            def all: all(.);
            def first: .[0];
            def last: .[-1];
            def first(f): label $out | (f | ., break $out);
            def last(f): reduce f as $x (null; $x);
            def isempty(g): label $go | (g | false, break $go), true;
            def until(cond; update): def _u: if cond then . else (update | _u) end; _u;
            def while(cond; update): def _w: if cond then ., (update | _w) else empty end; _w;
            def repeat(f): def _r: ., (f | _r); _r;
            def nth($n): .[$n];
            def nth($n; f): last(limit($n + 1; f));
            def in(xs): . as $x | xs | has($x);
            def inside(xs): . as $x | xs | contains($x);
            def IN(s): any(s == .; .);
            def IN(src; s): any(src == s; .);
            def paths: path(..) | select(length > 0);
            def paths(node_filter): . as $dollar | paths | . as $p | select($dollar | getpath($p) | node_filter);
            def leaf_paths: paths(scalars);
            def del(f): delpaths([path(f)]);
            def to_array: if type == "array" then . else [.] end;
            def toarray: if type == "array" then . else [.] end;
            def map_values(f): .[] |= f;
            def walk(f): def w: if type == "object" then map_values(w) elif type == "array" then map(w) else . end | f; w;
            def join($x): reduce .[] as $i (null; (if . == null then "" else . + $x end) + ($i | if . == null then "" elif type == "string" then . else tojson end)) // "";
            def ascii_upcase: ascii_case(true);
            def ascii_downcase: ascii_case(false);
            def sort_by(f): sort_by_keys([.[] | [f]]);
            def group_by(f): group_by_keys([.[] | [f]]);
            def unique_by(f): [group_by(f)[] | .[0]];
            def unique: unique_by(.);
            def min_by(f): if length == 0 then null else sort_by(f) | .[0] end;
            def max_by(f): if length == 0 then null else sort_by(f) | .[-1] end;
            def min: min_by(.);
            def max: max_by(.);
            def error(msg): msg | error;
            def test($re): test($re; "");
            def match($re): match($re; "");
            def capture($re): match($re; "") | [.captures[] | select(.name != null) | {key: .name, value: .string}] | from_entries;
            def sub($re; $to): gsub_text($re; $to; false);
            def gsub($re; $to): gsub_text($re; $to; true);
            def pick(pathexps): . as $top | reduce path(pathexps) as $p (null; setpath($p; $top | getpath($p)));
            """;

    private Prelude() {}

    static List<Node.Def> definitions() {
        return Holder.DEFINITIONS;
    }

    static boolean has(String name, int parameters) {
        for (Node.Def def : Holder.DEFINITIONS) {
            if (def.name().equals(name) && def.parameters().size() == parameters) {
                return true;
            }
        }
        return false;
    }

    private static final class Holder {
        static final List<Node.Def> DEFINITIONS = new JqParser(TEXT).definitions();
    }
}
