package dev.arclight.azure.arm;

/** What {@code listSecrets} gives. None of them shows itself in a text. */
public sealed interface Secret {
    /** Of a storage account. */
    record AccountKey(String key) implements Secret {
        @Override
        public String toString() {
            return "AccountKey[]";
        }
    }

    /** A shared access signature, without a question mark in front. */
    record Sas(String token) implements Secret {
        @Override
        public String toString() {
            return "Sas[]";
        }
    }

    /** Of a service principal. */
    record ClientSecret(String secret) implements Secret {
        @Override
        public String toString() {
            return "ClientSecret[]";
        }
    }
}
