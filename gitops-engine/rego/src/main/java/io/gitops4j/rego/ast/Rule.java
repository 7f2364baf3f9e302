package io.gitops4j.rego.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule. Its {@code else} branch is a rule with an equal reference and equal parameters.
 *
 * @param isDefault whether {@code default} stands before it
 * @param head the head
 * @param body the body; one expression {@code true} when none was written
 * @param hasBody whether a body was written
 * @param otherwise the {@code else} branch
 * @param annotations the metadata blocks right above it, in order
 * @param location where it stands
 */
public record Rule(
        boolean isDefault,
        Head head,
        Body body,
        boolean hasBody,
        @Nullable Rule otherwise,
        List<Annotations> annotations,
        Location location) {

    /** A rule. */
    public Rule {
        annotations = List.copyOf(annotations);
    }

    /** The rule's reference. */
    public Ref ref() {
        return head.ref();
    }

    /** The rule with another head. */
    public Rule withHead(Head newHead) {
        return new Rule(isDefault, newHead, body, hasBody, otherwise, annotations, location);
    }

    /** The rule with another body. */
    public Rule withBody(Body newBody) {
        return new Rule(isDefault, head, newBody, hasBody, otherwise, annotations, location);
    }

    /** The rule with these metadata blocks. */
    public Rule withAnnotations(List<Annotations> blocks) {
        return blocks.isEmpty() && annotations.isEmpty()
                ? this
                : new Rule(isDefault, head, body, hasBody, otherwise, blocks, location);
    }

    /** The rule with another {@code else} branch. */
    public Rule withOtherwise(@Nullable Rule branch) {
        return new Rule(isDefault, head, body, hasBody, branch, annotations, location);
    }
}
