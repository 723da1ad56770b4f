package io.github.divio4j.upgrade.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a -- b                  | `a  `",
                "a /* b /* c */ d */ e   | a   e",
                "'--' a                  | '' a",
                "'it''s' a               | '' a",
                "E'it\\'s -- ' a         | E'' a",
                "'\\' a                  | '' a",
                "\"--\" a                 | \"--\" a",
                "\"a\"\"'\" 'b'            | \"a\"\"'\" ''",
                "$$ ' -- $$ a            | '' a",
                "$x$ $$ $y$ $x$ a        | '' a",
                "a$1$b 'c'               | a$1$b ''",
                "'open                   | ''"
            })
    void codeHasNeitherCommentsNorWhatStandsBetweenQuotes(String sql, String code) {
        assertThat(SqlText.code(sql.strip())).isEqualTo(code);
    }

    @Test
    void withoutCommentsKeepsLiterals() {
        assertThat(SqlText.withoutComments("SELECT '--x' -- y\n, $$/*$$")).isEqualTo("SELECT '--x'  \n, $$/*$$");
    }
}
