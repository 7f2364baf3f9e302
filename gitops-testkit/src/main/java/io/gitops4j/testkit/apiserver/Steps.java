package io.gitops4j.testkit.apiserver;

/** The steps of a write, in the order in which they are named here. */
final class Steps {
    final Decoding decoding;
    final Defaulting defaulting;
    final Ownership ownership;
    final Preparation preparation;
    final Admission admission;
    final Validation validation;
    final Quota quota;

    Steps(
            Decoding decoding,
            Defaulting defaulting,
            Ownership ownership,
            Preparation preparation,
            Admission admission,
            Validation validation,
            Quota quota) {
        this.decoding = decoding;
        this.defaulting = defaulting;
        this.ownership = ownership;
        this.preparation = preparation;
        this.admission = admission;
        this.validation = validation;
        this.quota = quota;
    }
}
