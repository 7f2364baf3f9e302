package io.gitops4j.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md that a compiler cannot hold. */
class ArchitectureTest {
    private static final String[] API = {
        "io.gitops4j.json..",
        "io.gitops4j.manifest..",
        "io.gitops4j.problem..",
        "io.gitops4j.source..",
        "io.gitops4j.cluster..",
        "io.gitops4j.secret..",
        "io.gitops4j.spi.."
    };
    private static final String[] SHELL = {
        "io.gitops4j.cli..",
        "io.gitops4j.git..",
        "io.gitops4j.k8s..",
        "io.gitops4j.helm..",
        "io.gitops4j.lua..",
        "io.gitops4j.metrics..",
        "io.gitops4j.testkit..",
        "io.gitops4j.conformance..",
        "io.gitops4j.benchmarks..",
        "io.gitops4j.controller..",
        "io.gitops4j.architecture.."
    };

    private static JavaClasses all;

    /** The values, the SPI and every engine. */
    private static final DescribedPredicate<JavaClass> CORE = DescribedPredicate.describe(
            "the functional core",
            type -> type.getPackageName().startsWith("io.gitops4j")
                    && not(resideInAnyPackage(SHELL)).test(type));

    @BeforeAll
    static void readClasses() {
        all = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.gitops4j");
    }

    @Test
    void r1_apiDependsOnTheJdkAlone() {
        classes()
                .that()
                .resideInAnyPackage(API)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(append(
                        API,
                        "java.lang..",
                        "java.util..",
                        "java.time..",
                        "java.math..",
                        "java.io..",
                        "java.nio.charset..",
                        "java.security..",
                        "org.jspecify.."))
                .because("everything else is built on these values")
                .check(all);
    }

    @Test
    void r2_coreTouchesNoFileSocketOrThread() {
        noClasses()
                .that(CORE)
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.nio.file..", "java.net.http..", "java.sql..")
                        .or(assignableTo(Executor.class))
                        .or(assignableTo(ProcessBuilder.class))
                        .or(assignableTo(java.net.Socket.class))
                        .or(assignableTo(java.io.File.class)))
                .because("the core has no I/O and no threads")
                .check(all);
        noClasses()
                .that(CORE)
                .should(callMethodWhere(target(owner(assignableTo(Thread.class)))
                        .and(target(not(
                                name("interrupted").or(name("currentThread")).or(name("isInterrupted")))))))
                .check(all);
    }

    @Test
    void r3_coreHasNoClockRandomOrEnvironment() {
        noClasses()
                .that(CORE)
                .should(callMethodWhere(
                        target(owner(resideInAnyPackage("java.time.."))).and(target(name("now")))))
                .orShould(callMethodWhere(target(owner(assignableTo(System.class)))
                        .and(target(nameMatching("nanoTime|currentTimeMillis|getenv|getProperty|exit")))))
                .orShould(
                        callMethodWhere(target(owner(assignableTo(Math.class))).and(target(name("random")))))
                .orShould(callMethodWhere(
                        target(owner(assignableTo(java.util.UUID.class))).and(target(name("randomUUID")))))
                .orShould()
                .callConstructor(java.util.Random.class)
                .because("time and seeds are arguments")
                .check(all);
    }

    @Test
    void r4_coreNeverPrints() {
        noClasses()
                .that(CORE)
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould(callMethodWhere(target(name("printStackTrace"))))
                .check(all);
    }

    @Test
    void r5_apiTypesAreFinalAndImmutable() {
        classes()
                .that()
                .resideInAnyPackage(API)
                .and()
                .arePublic()
                .and()
                .areNotInterfaces()
                .and()
                .areNotAssignableTo(Throwable.class)
                .and(DescribedPredicate.describe("no enums", (JavaClass type) -> !type.isEnum()))
                .should()
                .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL)
                .check(all);
        methods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(API)
                .and()
                .arePublic()
                .should()
                .haveNameNotMatching("set[A-Z].*")
                .check(all);
    }

    @Test
    void r6_coreUsesOrderedCollections() {
        noClasses()
                .that(CORE)
                .should(callMethodWhere(target(owner(equivalentTo(java.util.Map.class)))
                        .and(target(nameMatching("copyOf|of|ofEntries")))))
                .orShould(callMethodWhere(target(owner(assignableTo(java.util.stream.Collectors.class)))
                        .and(target(name("toSet")))))
                .because("no output may depend on hash order")
                .check(all);
    }

    @Test
    void r7_internalsStayInside() {
        noClasses()
                .that()
                .resideInAnyPackage(SHELL)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.gitops4j..internal..")
                .check(all);
    }

    @Test
    void r8_enginesDoNotKnowEachOther() {
        for (List<String> pair : List.of(
                List.of("io.gitops4j.kustomize..", "io.gitops4j.diff.."),
                List.of("io.gitops4j.kustomize..", "io.gitops4j.rego.."),
                List.of("io.gitops4j.rego..", "io.gitops4j.policy.."),
                List.of("io.gitops4j.rego..", "io.gitops4j.sync.."),
                List.of("io.gitops4j.rollout..", "io.gitops4j.sync.."),
                List.of("io.gitops4j.sync..", "io.gitops4j.rollout.."),
                List.of("io.gitops4j.sync..", "io.gitops4j.policy.."),
                List.of("io.gitops4j.sync..", "io.gitops4j.kustomize.."),
                List.of("io.gitops4j.secrets..", "io.gitops4j.sync.."))) {
            noClasses()
                    .that()
                    .resideInAPackage(pair.get(0))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(pair.get(1))
                    .allowEmptyShould(true)
                    .check(all);
        }
        noClasses()
                .that(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SHELL)
                .check(all);
    }

    @Test
    void r8_apiPackagesAreFreeOfCycles() {
        slices().matching("io.gitops4j.(json|problem|manifest|source|cluster|secret|spi)..")
                .should()
                .beFreeOfCycles()
                .check(all);
    }

    @Test
    void r9_adaptersDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage("io.gitops4j.git..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.gitops4j.k8s..")
                .check(all);
        noClasses()
                .that()
                .resideInAPackage("io.gitops4j.k8s..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.gitops4j.git..")
                .allowEmptyShould(true)
                .check(all);
    }

    @Test
    void r10_coreDeclaresNoCheckedCatchAll() {
        methods()
                .that()
                .areDeclaredInClassesThat(CORE)
                .and()
                .arePublic()
                .should()
                .notDeclareThrowableOfType(Exception.class)
                .check(all);
    }

    @Test
    void coreHasNoStaticMutableState() {
        fields().that()
                .areDeclaredInClassesThat(CORE)
                .and()
                .areStatic()
                .should()
                .beFinal()
                .check(all);
    }

    @Test
    void thirdPartyTypesStayOutOfPublicSignatures() {
        methods()
                .that()
                .areDeclaredInClassesThat(CORE)
                .and()
                .arePublic()
                .and()
                .areDeclaredInClassesThat()
                .arePublic()
                .should()
                .notHaveRawReturnType(resideInAnyPackage(
                        "com.google..",
                        "com.fasterxml..",
                        "org.yaml..",
                        "org.eclipse.jgit..",
                        "io.fabric8..",
                        "com.exceptionfactory.."))
                .check(all);
    }

    @Test
    void streamsOfBytesStayOutOfTheCoresSignatures() {
        methods()
                .that()
                .areDeclaredInClassesThat(CORE)
                .and()
                .arePublic()
                .should()
                .notHaveRawReturnType(assignableTo(InputStream.class).or(assignableTo(OutputStream.class)))
                .check(all);
    }

    private static String[] append(String[] head, String... tail) {
        String[] both = java.util.Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, both, head.length, tail.length);
        return both;
    }
}
