package io.gitops4j.rego.eval;

/** A statement, compiled: for each of its solutions it runs the next one. */
abstract class StmtNode {
    /** What follows; never read before the chain is linked. */
    StmtNode next = this;

    /** Runs this and what follows; true when enough was found and everything should stop. */
    abstract boolean exec(Frame frame);
}
