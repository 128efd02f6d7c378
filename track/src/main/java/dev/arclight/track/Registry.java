package dev.arclight.track;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Registered models of a store. Safe for use by many threads; errors as in {@link Tracking}. */
public interface Registry {
    /** Makes a registered model without versions. */
    RegisteredModel create(String name, String description, Map<String, String> tags);

    Optional<RegisteredModel> find(String name);

    /** The registered model called {@code name}; NOT_FOUND if there is none. */
    RegisteredModel load(String name);

    RegisteredModel rename(String name, String newName);

    RegisteredModel describe(String name, String description);

    /** Deletes a registered model with its versions and aliases. Its history stays in the store. */
    void delete(String name);

    void setTag(String name, String key, String value);

    void deleteTag(String name, String key);

    Page<RegisteredModel> search(RegistrySearch search);

    /** Adds the next version, making the registered model if there is none. */
    ModelVersion register(Registration registration);

    /** Adds the next version to a registered model that exists. */
    ModelVersion addVersion(Registration registration);

    ModelVersion version(String name, int version);

    /** The version that {@code alias} names; {@code latest} names the newest. */
    Optional<ModelVersion> findByAlias(String name, String alias);

    /** All versions, newest first. */
    List<ModelVersion> versions(String name);

    Page<ModelVersion> searchVersions(RegistrySearch search);

    ModelVersion describeVersion(String name, int version, String description);

    /** Deletes a version and the aliases that name it. */
    void deleteVersion(String name, int version);

    void setVersionTag(String name, int version, String key, String value);

    void deleteVersionTag(String name, int version, String key);

    /**
     * Moves a version to one of MLflow's former stages.
     *
     * @param archiveOthers whether versions in that stage become {@code Archived}
     */
    ModelVersion transition(String name, int version, String stage, boolean archiveOthers);

    /**
     * Moves an alias, atomically, and writes that to the history. Asks no gate, and the history says so where the model
     * has some; {@link Tracking#promote} asks them first.
     *
     * @throws dev.arclight.base.ArclightException CONFLICT if the alias does not name what the promotion expects
     */
    AliasChange promote(Promotion promotion);

    /**
     * Undoes the latest promotion of an alias that is not undone yet: it names again what it named before.
     *
     * @throws dev.arclight.base.ArclightException BAD_STATE if there is nothing to go back to
     */
    AliasChange rollback(String name, String alias, String who, String why);

    /** Removes an alias; nothing happens if it is not set. */
    void removeAlias(String name, String alias, String who, String why);

    /** All changes of all aliases, oldest first. */
    List<AliasChange> history(String name);

    /** All changes of {@code alias}, oldest first. */
    default List<AliasChange> history(String name, String alias) {
        return history(name).stream()
                .filter(change -> change.alias().equals(alias))
                .toList();
    }
}
