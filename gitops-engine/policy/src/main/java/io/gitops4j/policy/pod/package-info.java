/** Reading pods, wherever they stand: in a Pod, in the template of a workload, in a CronJob. */
@NullMarked
package io.gitops4j.policy.pod;

import org.jspecify.annotations.NullMarked;
