package io.github.divio4j.examples.sandbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The environment variables that a deployment gives to its containers. */
final class Variables {
    private Variables() {}

    /** An instance that the containers get, under the prefix that it has when the deployment starts. */
    record Attached(String prefix, CatalogueService service, Binding binding) {}

    static Map<String, String> of(Environment environment, List<Attached> services) {
        Map<String, String> variables = new LinkedHashMap<>();
        String host = environment.application.slug() + "-" + environment.slug + ".sandbox.invalid";
        variables.put("DOMAIN", host);
        variables.put("DOMAIN_ALIASES", "");
        variables.put("DEBUG", environment.slug.equals("live") ? "False" : "True");
        variables.put("GIT_BRANCH", environment.branch);
        // Not a secret of anything: derived, so that it stays the same from deployment to deployment.
        variables.put("SECRET_KEY", "sandbox-" + environment.id);
        variables.put("SITE_NAME", environment.application.slug());
        variables.put("STAGE", environment.slug);
        for (Attached attached : services) {
            String dsn = attached.binding().dsn();
            if (attached.service().type().equals(CatalogueService.STORAGE)) {
                variables.put(attached.prefix() + "_STORAGE_DSN", dsn);
            } else {
                variables.put(attached.prefix() + "_DATABASE_DSN", dsn);
                if (attached.prefix().equals("DEFAULT")) {
                    variables.put("DATABASE_URL", dsn);
                }
            }
        }
        for (Environment.UserVariable variable : environment.variables.values()) {
            variables.put(variable.name(), variable.value());
        }
        return variables;
    }
}
