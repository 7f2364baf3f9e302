package io.gitops4j.gotemplate;

import java.util.List;

/** A value in a command. */
interface Operand {

    Object value(Run run);

    /** A constant. */
    record Constant(Object constant) implements Operand {
        @Override
        public Object value(Run run) {
            return constant;
        }
    }

    /** The dot. */
    record Dot() implements Operand {
        @Override
        public Object value(Run run) {
            return run.dot();
        }
    }

    /** A variable. */
    record Variable(String name) implements Operand {
        @Override
        public Object value(Run run) {
            return run.variable(name);
        }
    }

    /** Fields of another operand. */
    record Fields(Operand of, List<String> names) implements Operand {
        @Override
        public Object value(Run run) {
            Object at = of.value(run);
            for (String name : names) {
                at = run.field(at, name);
            }
            return at;
        }
    }

    /** A pipeline in parentheses. */
    record Nested(Pipeline pipeline) implements Operand {
        @Override
        public Object value(Run run) {
            int mark = run.mark();
            Object value = pipeline.eval(run);
            run.release(mark);
            return value;
        }
    }

    /** A function; as an argument it is called without any of its own. */
    record Function(String name) implements Operand {
        @Override
        public Object value(Run run) {
            return run.invoke(name, List.of(), null);
        }
    }
}
