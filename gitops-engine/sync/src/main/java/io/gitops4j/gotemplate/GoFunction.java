package io.gitops4j.gotemplate;

/** A function of templates. */
interface GoFunction {
    Object call(Arguments arguments);
}
