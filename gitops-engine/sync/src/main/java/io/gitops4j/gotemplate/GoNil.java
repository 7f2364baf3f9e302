package io.gitops4j.gotemplate;

/** What is no value. */
enum GoNil {
    /** Go's nil: a field of it is an error. */
    NIL,
    /** What a mapping does not have: fields of it are not there either. */
    ABSENT
}
