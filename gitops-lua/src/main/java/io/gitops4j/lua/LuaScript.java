package io.gitops4j.lua;

import io.gitops4j.cluster.Health;
import io.gitops4j.health.ActionEffect;
import io.gitops4j.json.Json;
import io.gitops4j.json.JsonObject;
import io.gitops4j.problem.Outcome;
import io.gitops4j.problem.Problem;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LoadState;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.compiler.LuaC;
import org.luaj.vm2.lib.BaseLib;
import org.luaj.vm2.lib.DebugLib;
import org.luaj.vm2.lib.OneArgFunction;
import org.luaj.vm2.lib.PackageLib;
import org.luaj.vm2.lib.StringLib;
import org.luaj.vm2.lib.TableLib;
import org.luaj.vm2.lib.VarArgFunction;
import org.luaj.vm2.lib.ZeroArgFunction;
import org.luaj.vm2.lib.jse.JseMathLib;

/**
 * One of Argo CD's scripts: it sees the object as {@code obj} and returns a health ({@code status}, {@code message}), a changed
 * object, or a list of {@code operation} and {@code resource}. A script reaches no file, process, module or random number;
 * the time is the caller's, and after {@link #MAX_INSTRUCTIONS} it is ended with {@code LUA_LIMIT}. Every run starts afresh.
 *
 * <p>Source: argocd §6.
 */
public final class LuaScript {
    /** Most instructions of one run. */
    public static final int MAX_INSTRUCTIONS = 1_000_000;

    private static final int MOST_TEXT = 1 << 20;
    private static final List<String> REFUSED = List.of(
            "dofile",
            "loadfile",
            "load",
            "loadstring",
            "require",
            "package",
            "debug",
            "print",
            "collectgarbage",
            "module");

    private final String text;
    private final InstantSource time;

    private LuaScript(String text, InstantSource time) {
        this.text = text;
        this.time = time;
    }

    /** The script {@code text}, whose {@code os.time} and {@code os.date} are those of {@code time}. */
    public static LuaScript of(String text, InstantSource time) {
        return new LuaScript(text, time);
    }

    /** The health that the script gives for an object; {@code LUA_LIMIT}, {@code LUA_SCRIPT} or {@code LUA_RESULT} else. */
    public Outcome<Health> health(JsonObject object) {
        return run(object).then(value -> {
            String named = value.istable() ? value.get("status").optjstring("") : "";
            for (Health.Status status : Health.Status.values()) {
                if (status.wire().equals(named)) {
                    return Outcome.of(new Health(status, value.get("message").optjstring("")));
                }
            }
            return Outcome.failed(Problem.error("LUA_RESULT", "the script returned no status of a health"));
        });
    }

    /** What the script, an action, wants done with an object. */
    public Outcome<List<ActionEffect>> action(JsonObject object) {
        return run(object).then(value -> {
            if (!(value instanceof LuaTable table)) {
                return Outcome.failed(Problem.error("LUA_RESULT", "the script returned no object"));
            }
            try {
                return Outcome.of(effects(table, object));
            } catch (IllegalArgumentException e) {
                return Outcome.failed(Problem.error("LUA_RESULT", String.valueOf(e.getMessage())));
            }
        });
    }

    private static List<ActionEffect> effects(LuaTable table, JsonObject object) {
        List<ActionEffect> effects = new ArrayList<>();
        if (table.length() == 0) {
            effects.add(effect("patch", table, object));
        }
        for (int i = 1; i <= table.length(); i++) {
            LuaValue item = table.get(i);
            effects.add(effect(item.get("operation").optjstring(""), item.get("resource"), object));
        }
        return List.copyOf(effects);
    }

    private static ActionEffect effect(String operation, LuaValue resource, JsonObject object) {
        for (ActionEffect.Operation known : ActionEffect.Operation.values()) {
            if (known.wire().equals(operation)
                    && LuaJson.toJson(resource, known == ActionEffect.Operation.PATCH ? object : null, 0)
                            instanceof JsonObject changed) {
                return new ActionEffect(known, changed);
            }
        }
        throw new IllegalArgumentException("'" + operation + "' is no operation of an action, or has no resource");
    }

    private Outcome<LuaValue> run(Json object) {
        try {
            Globals globals = sandbox();
            globals.set("obj", LuaJson.toLua(object));
            return Outcome.of(globals.load(text, "script").call());
        } catch (Spent | StackOverflowError e) {
            return Outcome.failed(Problem.error("LUA_LIMIT", "the script takes too many steps or recurses too deeply"));
        } catch (LuaError e) {
            return Outcome.failed(Problem.error("LUA_SCRIPT", String.valueOf(e.getMessage())));
        }
    }

    private Globals sandbox() {
        Globals globals = new Globals();
        globals.load(new BaseLib());
        globals.load(new PackageLib());
        globals.load(new TableLib());
        globals.load(new StringLib());
        globals.load(new JseMathLib());
        globals.load(new Counter());
        LoadState.install(globals);
        LuaC.install(globals);
        REFUSED.forEach(name -> globals.set(name, LuaValue.NIL));
        globals.get("math").set("random", LuaValue.NIL);
        globals.get("math").set("randomseed", LuaValue.NIL);
        globals.get("string").set("dump", LuaValue.NIL);
        globals.get("string").set("rep", new Repeat());
        LuaTable os = new LuaTable();
        os.set("time", new Time());
        os.set("date", new Date());
        globals.set("os", os);
        return globals;
    }

    /** Ends a run; no exception, so that {@code pcall} does not catch it. */
    private static final class Spent extends Error {
        private static final long serialVersionUID = 1L;

        Spent() {
            super("", null, false, false);
        }
    }

    private static final class Counter extends DebugLib {
        private int left = MAX_INSTRUCTIONS;

        @Override
        public void onInstruction(int pc, Varargs values, int top) {
            if (--left < 0) {
                throw new Spent();
            }
        }
    }

    private static final class Repeat extends VarArgFunction {
        @Override
        public Varargs invoke(Varargs arguments) {
            String piece = arguments.checkjstring(1);
            int times = Math.max(0, arguments.checkint(2));
            if ((long) piece.length() * times > MOST_TEXT) {
                throw new Spent();
            }
            return LuaValue.valueOf(piece.repeat(times));
        }
    }

    private final class Time extends ZeroArgFunction {
        @Override
        public LuaValue call() {
            return LuaValue.valueOf((double) time.instant().getEpochSecond());
        }
    }

    private final class Date extends OneArgFunction {
        @Override
        public LuaValue call(LuaValue format) {
            ZonedDateTime now = time.instant().atZone(ZoneOffset.UTC);
            String wanted = format.optjstring("%c");
            StringBuilder out = new StringBuilder();
            for (int i = wanted.startsWith("!") ? 1 : 0; i < wanted.length(); i++) {
                char c = wanted.charAt(i);
                if (c == '%' && i + 1 < wanted.length()) {
                    out.append(field(wanted.charAt(++i), now));
                } else {
                    out.append(c);
                }
            }
            return LuaValue.valueOf(out.toString());
        }

        private static String field(char conversion, ZonedDateTime now) {
            return switch (conversion) {
                case 'Y' -> String.valueOf(now.getYear());
                case 'm' -> two(now.getMonthValue());
                case 'd' -> two(now.getDayOfMonth());
                case 'H' -> two(now.getHour());
                case 'M' -> two(now.getMinute());
                case 'S' -> two(now.getSecond());
                case 'X', 'T' -> two(now.getHour()) + ":" + two(now.getMinute()) + ":" + two(now.getSecond());
                case '%' -> "%";
                default -> throw new LuaError("os.date knows no %" + conversion);
            };
        }

        private static String two(int number) {
            return String.format(Locale.ROOT, "%02d", number);
        }
    }
}
