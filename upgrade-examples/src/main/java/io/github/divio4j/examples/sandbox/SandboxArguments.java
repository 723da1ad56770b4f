package io.github.divio4j.examples.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** The command line of {@link SandboxMain}. */
final class SandboxArguments {
    static final String HELP = """
            Runs a local Divio until it is stopped.

              --port N             the port of the API on 127.0.0.1 (default: 8099; 0 takes any that is free)
              --token TEXT         the token that requests have to carry (default: sandbox-token)
              --databases WHAT     real: PostgreSQL servers (default); none: the API alone
              --speed FACTOR       divides the durations of all operations (default: 1)
              --application NAME   the application (default: order-book)
              --environments LIST  a number of environments or their names, separated by commas (default: test,live)
              --source VERSION     the PostgreSQL version in use (default: 13)
              --prefix PREFIX      its prefix (default: DEFAULT)
              --rows N             rows in each environment's database (default: 50000)
              --throttle N         answers 429 to more requests a second (default: 0, which handles all)
              --sshkey FILE        a public key that may log in at the environments' SSH endpoints (default: none may)
              --rate FACTOR        orders a second that the application places in each environment (default: 0)
              --help               shows this
            """;

    private final Sandbox.Builder builder = Sandbox.builder().port(8099);
    private boolean help;

    private SandboxArguments() {}

    static SandboxArguments parse(List<String> arguments) {
        SandboxArguments parsed = new SandboxArguments();
        Deque<String> left = new ArrayDeque<>(arguments);
        while (!left.isEmpty()) {
            parsed.accept(left);
        }
        return parsed;
    }

    Sandbox.Builder builder() {
        return builder;
    }

    boolean help() {
        return help;
    }

    private void accept(Deque<String> left) {
        String argument = left.pop();
        int equals = argument.indexOf('=');
        String option = equals < 0 ? argument : argument.substring(0, equals);
        if (option.equals("--help") || option.equals("-h")) {
            help = true;
            return;
        }
        if (!option.matches("--[a-z]+") || !HELP.contains("  " + option + " ")) {
            throw new SandboxException("Unknown option " + option + ": --help lists those there are.");
        }
        if (equals < 0 && left.isEmpty()) {
            throw new SandboxException("The option " + option + " needs a value: --help tells which.");
        }
        String value = equals < 0 ? left.pop() : argument.substring(equals + 1);
        switch (option) {
            case "--port" -> builder.port(integer(option, value));
            case "--token" -> builder.token(value);
            case "--databases" -> builder.databases(databases(value));
            case "--speed" -> builder.speed(number(option, value));
            case "--application" -> builder.application(value);
            case "--environments" -> builder.environments(environments(value));
            case "--source" -> builder.source(value);
            case "--prefix" -> builder.prefix(value);
            case "--rows" -> builder.rows(integer(option, value));
            case "--throttle" -> builder.requestsPerSecond(integer(option, value));
            case "--sshkey" -> builder.sshKey(line(value));
            case "--rate" -> builder.writeRate(number(option, value));
            default -> throw new IllegalStateException("The help tells of " + option + ", but nothing reads it");
        }
    }

    private static String line(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException | InvalidPathException e) {
            throw new SandboxException("The SSH key " + file + " cannot be read: name the file .pub of one.", e);
        }
    }

    private static Databases databases(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "real" -> Databases.REAL;
            case "none" -> Databases.NONE;
            default -> throw new SandboxException("--databases must be real or none, but was \"" + value + "\".");
        };
    }

    private static List<String> environments(String value) {
        if (!value.matches("\\d{1,4}")) {
            return List.of(value.split(",", -1));
        }
        int count = Integer.parseInt(value);
        if (count < 1) {
            throw new SandboxException("--environments must be at least 1.");
        }
        return Sandbox.environmentNames(count);
    }

    private static int integer(String option, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new SandboxException(option + " must be a whole number, but was \"" + value + "\".");
        }
    }

    private static double number(String option, String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new SandboxException(option + " must be a number, but was \"" + value + "\".");
        }
    }
}
