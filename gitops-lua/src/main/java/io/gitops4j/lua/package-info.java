/**
 * Argo CD's health and action scripts in Lua: no files, no processes, no clock but the caller's, and a bound on instructions.
 * Start reading at {@link io.gitops4j.lua.LuaScript}.
 */
@NullMarked
package io.gitops4j.lua;

import org.jspecify.annotations.NullMarked;
