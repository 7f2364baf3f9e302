/**
 * Reports on recovery: how much would be lost (RPO) and how long it would take (RTO), as table, JSON and Markdown. Start with
 * {@link io.gitops4j.recovery.report.RecoveryReport}. Source: secrets-dr-security §4.6.
 */
@NullMarked
package io.gitops4j.recovery.report;

import org.jspecify.annotations.NullMarked;
