package io.github.divio4j.examples.quickstart;

import io.github.divio4j.upgrade.PostgresVersion;
import java.util.ArrayList;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param environments their slugs; the last of several is {@code live}
 * @param rows about how many rows each environment's database holds
 * @param speed by how much the sandbox's operations are faster than usual
 */
record Options(
        PostgresVersion from,
        PostgresVersion to,
        List<String> environments,
        int rows,
        int port,
        double speed,
        Scenario scenario) {

    static final String USAGE = """
            usage: quickstart [--from 13] [--to 15] [--environments 2] [--rows 50000] [--port 0] [--speed 1]
                              [--scenario usual|new-taken|old-taken|no-postgres|two-candidates]
            With Maven: ./mvnw -q -Pquickstart -Dfrom=13 -Dto=15 -Denvironments=2 -Dargs="--rows 50000"\
            """;

    private static final int MOST_ENVIRONMENTS = 50;

    static Options parse(String... args) throws WrongUseException {
        String from = "13";
        String to = "15";
        int environments = 2;
        int rows = 50_000;
        int port = 0;
        double speed = 1;
        Scenario scenario = Scenario.USUAL;
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new WrongUseException("The option " + args[i] + " needs a value.\n" + USAGE);
            }
            String value = args[i + 1];
            switch (args[i]) {
                case "--from" -> from = value;
                case "--to" -> to = value;
                case "--environments" -> environments = number(args[i], value, 1, MOST_ENVIRONMENTS);
                case "--rows" -> rows = number(args[i], value, 0, 50_000_000);
                case "--port" -> port = number(args[i], value, 0, 65_535);
                case "--speed" -> speed = number(args[i], value, 1, 1_000);
                case "--scenario" -> scenario = Scenario.parse(value);
                default -> throw new WrongUseException("There is no option " + args[i] + ".\n" + USAGE);
            }
        }
        Options options = new Options(version(from), version(to), slugs(environments), rows, port, speed, scenario);
        if (options.to.compareTo(options.from) <= 0) {
            throw new WrongUseException("PostgreSQL " + to + " is not newer than " + from
                    + ": choose a version to move to that is newer than the one to leave.");
        }
        return options;
    }

    private static int number(String option, String value, int least, int most) throws WrongUseException {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, with what is accepted.
        }
        throw new WrongUseException(
                option + " takes a whole number from " + least + " to " + most + ", not \"" + value + "\".");
    }

    private static PostgresVersion version(String text) throws WrongUseException {
        try {
            return PostgresVersion.parse(text);
        } catch (IllegalArgumentException e) {
            throw new WrongUseException(e.getMessage() + ".");
        }
    }

    private static List<String> slugs(int count) {
        List<String> slugs = new ArrayList<>(List.of("test"));
        for (int i = 1; i < count - 1; i++) {
            slugs.add("stage-" + i);
        }
        if (count > 1) {
            slugs.add("live");
        }
        return slugs;
    }
}
