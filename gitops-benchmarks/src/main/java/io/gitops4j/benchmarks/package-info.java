/** JMH benchmarks, one class a subject, and the workloads they run on. Start with any class; run the jar's {@code Main}. */
@NullMarked
package io.gitops4j.benchmarks;

import org.jspecify.annotations.NullMarked;
