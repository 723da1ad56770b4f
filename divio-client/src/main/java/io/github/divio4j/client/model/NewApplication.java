package io.github.divio4j.client.model;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which application shall be made. Immutable. */
public final class NewApplication {
    private final String name;
    private final String slug;
    private final String organisationId;
    private final String planGroupId;
    private final String regionId;
    private final @Nullable String appTemplateUrl;
    private final List<ReleaseCommand> releaseCommands;
    private final @Nullable String repositoryId;
    private final String branch;

    private NewApplication(Builder builder) {
        this.name = Objects.requireNonNull(builder.name, "name");
        this.slug = Objects.requireNonNull(builder.slug, "slug");
        this.organisationId = Objects.requireNonNull(builder.organisationId, "organisationId");
        this.planGroupId = Objects.requireNonNull(builder.planGroupId, "planGroupId");
        this.regionId = Objects.requireNonNull(builder.regionId, "regionId");
        this.appTemplateUrl = builder.appTemplateUrl;
        this.releaseCommands = builder.releaseCommands;
        this.repositoryId = builder.repositoryId;
        this.branch = builder.branch;
    }

    /** Starts an application; name, slug, organisation, plan group and region are required. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the name for people. */
    public String name() {
        return name;
    }

    /** Returns the short name. */
    public String slug() {
        return slug;
    }

    /** Returns the organisation. */
    public String organisationId() {
        return organisationId;
    }

    /** Returns the plan group. */
    public String planGroupId() {
        return planGroupId;
    }

    /** Returns the region. */
    public String regionId() {
        return regionId;
    }

    /** Returns the URL of the template; null for none. */
    public @Nullable String appTemplateUrl() {
        return appTemplateUrl;
    }

    /** Returns the release commands; empty when there are none. */
    public List<ReleaseCommand> releaseCommands() {
        return releaseCommands;
    }

    /** Returns the external Git repository; null when Divio hosts it. */
    public @Nullable String repositoryId() {
        return repositoryId;
    }

    /** Returns the Git branch. */
    public String branch() {
        return branch;
    }

    /** Collects the parts. Not safe for use by several threads. */
    public static final class Builder {
        private @Nullable String name;
        private @Nullable String slug;
        private @Nullable String organisationId;
        private @Nullable String planGroupId;
        private @Nullable String regionId;
        private @Nullable String appTemplateUrl;
        private List<ReleaseCommand> releaseCommands = List.of();
        private @Nullable String repositoryId;
        private String branch = "main";

        private Builder() {}

        /** Sets the name for people. Required. */
        public Builder name(String name) {
            this.name = Checks.id(name, "name");
            return this;
        }

        /** Sets the short name, which is unique on the platform. Required. */
        public Builder slug(String slug) {
            this.slug = Checks.id(slug, "slug");
            return this;
        }

        /** Sets the organisation that it belongs to ({@code divio.organisations()}). Required. */
        public Builder organisation(String organisationId) {
            this.organisationId = Checks.id(organisationId, "organisationId");
            return this;
        }

        /** Sets the plan group, one of the organisation's ({@code divio.planGroups()}). Required. */
        public Builder planGroup(String planGroupId) {
            this.planGroupId = Checks.id(planGroupId, "planGroupId");
            return this;
        }

        /** Sets the region, one of the plan group's ({@link PlanGroup#regionIds()}). Required. */
        public Builder region(String regionId) {
            this.regionId = Checks.id(regionId, "regionId");
            return this;
        }

        /** Sets the template by its {@link AppTemplate#url()}; null, the default, for none. */
        public Builder appTemplate(@Nullable String url) {
            this.appTemplateUrl = url;
            return this;
        }

        /** Sets what runs at the start of every deployment. Default: nothing. A template's commands are not taken by themselves. */
        public Builder releaseCommands(List<ReleaseCommand> commands) {
            this.releaseCommands = List.copyOf(commands);
            return this;
        }

        /**
         * Sets the external Git repository that it is built from ({@code divio.repositories()}), which the platform should be able to read
         * before; null, the default, for one that Divio hosts.
         */
        public Builder repository(@Nullable String repositoryId) {
            this.repositoryId = repositoryId;
            return this;
        }

        /** Sets the Git branch. Default: {@code main}. */
        public Builder branch(String branch) {
            this.branch = Checks.id(branch, "branch");
            return this;
        }

        /**
         * Returns the finished value.
         *
         * @throws NullPointerException when a required part is missing; it names the part
         */
        public NewApplication build() {
            return new NewApplication(this);
        }
    }
}
