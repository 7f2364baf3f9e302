/**
 * Helm charts as a {@link io.gitops4j.spi.Renderer}. The chart is written to a folder of its own, rendered by Helm's engine
 * inside this process, and the folder deleted; nothing is fetched. Start reading at {@link io.gitops4j.helm.HelmRenderer}.
 */
@NullMarked
package io.gitops4j.helm;

import org.jspecify.annotations.NullMarked;
