package io.gitops4j.gotemplate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments of a call, taken out by the types that the function wants. */
record Arguments(String function, List<Object> values) {

    int size() {
        return values.size();
    }

    /** Refuses any other number of arguments. */
    Arguments exactly(int count) {
        if (values.size() != count) {
            throw new TemplateException(
                    "wrong number of args for " + function + ": want " + count + " got " + values.size());
        }
        return this;
    }

    /** Refuses fewer arguments. */
    Arguments atLeast(int count) {
        if (values.size() < count) {
            throw new TemplateException(
                    "wrong number of args for " + function + ": want at least " + count + " got " + values.size());
        }
        return this;
    }

    Object any(int index) {
        return values.get(index);
    }

    Object last() {
        return values.get(values.size() - 1);
    }

    /** A string and nothing else. */
    String text(int index) {
        if (values.get(index) instanceof String text) {
            return text;
        }
        throw wrongType(index, "string");
    }

    /** A whole number and nothing else. */
    long integer(int index) {
        if (values.get(index) instanceof Long number) {
            return number;
        }
        throw wrongType(index, "int");
    }

    int small(int index) {
        long value = integer(index);
        if (value != (int) value) {
            throw new TemplateException("number out of range: " + value);
        }
        return (int) value;
    }

    boolean bool(int index) {
        if (values.get(index) instanceof Boolean bool) {
            return bool;
        }
        throw wrongType(index, "bool");
    }

    List<Object> list(int index) {
        if (values.get(index) instanceof List<?> list) {
            return new ArrayList<>(list);
        }
        throw wrongType(index, "[]interface {}");
    }

    /** A mapping; changes to it do not reach the argument. */
    Map<String, Object> map(int index) {
        if (values.get(index) instanceof Map<?, ?> map && !(map instanceof GoStringMap)) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, value) -> copy.put(String.valueOf(key), value));
            return copy;
        }
        throw wrongType(index, "map[string]interface {}");
    }

    /** The mapping itself, to be changed. */
    @SuppressWarnings("unchecked") // mappings of templates are made in this package, by text, and may be changed
    Map<String, Object> mutable(int index) {
        if (values.get(index) instanceof Map<?, ?> map && !(map instanceof GoStringMap)) {
            return (Map<String, Object>) map;
        }
        throw wrongType(index, "map[string]interface {}");
    }

    /** A number made of whatever is there, 0 of what is none. */
    long toInteger(int index) {
        return toInteger(values.get(index));
    }

    static long toInteger(Object value) {
        if (value instanceof Long number) {
            return number;
        }
        if (value instanceof Double number) {
            return number.longValue();
        }
        if (value instanceof Boolean bool) {
            return bool ? 1 : 0;
        }
        if (value instanceof String text) {
            try {
                return GoNumbers.integer(text.strip());
            } catch (NumberFormatException e) {
                return (long) toFloat(text);
            }
        }
        return 0;
    }

    static double toFloat(Object value) {
        if (value instanceof Long number) {
            return number.doubleValue();
        }
        if (value instanceof Double number) {
            return number;
        }
        if (value instanceof Boolean bool) {
            return bool ? 1 : 0;
        }
        if (value instanceof String text) {
            try {
                return Double.parseDouble(text.strip());
            } catch (NumberFormatException e) {
                return 0;
            }
        }
        return 0;
    }

    /** The items of a list as texts, of a single value that value alone. */
    static List<String> texts(Object value) {
        List<String> texts = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (Object item : list) {
                if (item != GoNil.NIL) {
                    texts.add(GoValues.text(item));
                }
            }
        } else if (value != GoNil.NIL) {
            texts.add(GoValues.text(value));
        }
        return texts;
    }

    private TemplateException wrongType(int index, String wanted) {
        return new TemplateException(
                "wrong type for value; expected " + wanted + "; got " + GoValues.type(values.get(index)));
    }
}
