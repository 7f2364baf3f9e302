package io.gitops4j.gotemplate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Commands whose values are handed on, from left to right.
 *
 * @param variables that take the value
 * @param assigns whether the variables exist already
 */
record Pipeline(List<String> variables, boolean assigns, List<Command> commands) {

    Object eval(Run run) {
        Object value = null;
        for (Command command : commands) {
            value = command.eval(run, value);
        }
        Object result = value == null ? GoNil.NIL : value;
        for (String variable : variables) {
            run.bind(variable, result, assigns);
        }
        return result;
    }

    /** An operand with arguments: a function call, or a value alone. */
    record Command(List<Operand> operands) {
        Object eval(Run run, @Nullable Object last) {
            run.step();
            Operand first = operands.get(0);
            if (first instanceof Operand.Function function) {
                return run.invoke(function.name(), operands.subList(1, operands.size()), last);
            }
            if (operands.size() > 1 || last != null) {
                throw new TemplateException("can't give argument to non-function " + first);
            }
            return first.value(run);
        }
    }
}
