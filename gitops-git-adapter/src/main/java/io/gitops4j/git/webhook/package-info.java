/**
 * What Git hosts send when something was pushed, read into one event. A webhook is a hint to look at the repository again and
 * nothing more: what is deployed is resolved anew. Start with {@link io.gitops4j.git.webhook.Webhooks}.
 */
@NullMarked
package io.gitops4j.git.webhook;

import org.jspecify.annotations.NullMarked;
