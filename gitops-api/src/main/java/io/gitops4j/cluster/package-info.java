/**
 * What is said to a Kubernetes API server and what it answers, as values. The calls themselves are the SPI
 * {@link io.gitops4j.spi.Cluster}.
 */
@NullMarked
package io.gitops4j.cluster;

import org.jspecify.annotations.NullMarked;
