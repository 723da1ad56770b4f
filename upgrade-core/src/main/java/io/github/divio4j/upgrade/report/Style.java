package io.github.divio4j.upgrade.report;

/** How the pages look. */
final class Style {

    static final String SHEET = """
            :root{color-scheme:light dark;--page:#fff;--ink:#1b1c20;--soft:#565a66;--line:#d5d8e0;--raised:#f5f6f9;\
            --link:#0b57c2;--bar:#2f6fb5;--bad:#b3202a;--good:#1c7040;--open:#8a5a00;\
            --unprotected:#f7b955;--pause:#c9b3f2}
            @media (prefers-color-scheme:dark){:root{--page:#15161a;--ink:#e7e8ec;--soft:#a4a8b5;--line:#3a3d47;\
            --raised:#1f2127;--link:#8ab8ff;--bar:#6ea8ea;--bad:#ff8a8f;--good:#74d39b;--open:#f0c062;\
            --unprotected:#7a5310;--pause:#54408a}}
            *{box-sizing:border-box}
            html{scroll-padding-top:1rem}
            body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
            main{max-width:80rem;margin:0 auto;padding:1rem 1.25rem 3rem}
            h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0 1rem;overflow-wrap:anywhere}
            h2{font-size:1.2rem;margin:2rem 0 .5rem}
            h3{display:inline;font-size:1rem;margin:0;overflow-wrap:anywhere}
            a{color:var(--link)}
            a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:3px solid var(--link);outline-offset:2px}
            .skip{position:absolute;left:-100rem}
            .skip:focus{left:1rem;top:.5rem;background:var(--page);padding:.25rem .5rem}
            dl{margin:.5rem 0;display:grid;gap:.5rem 1.5rem}
            dl.numbers{grid-template-columns:repeat(auto-fit,minmax(11rem,1fr))}
            dl.facts>div{display:grid;grid-template-columns:11rem 1fr;gap:0 1rem}
            dt{color:var(--soft);font-size:.9rem}
            dd{margin:0;overflow-wrap:anywhere;white-space:pre-line}
            dl.numbers dd{font-weight:600}
            dl.numbers .wide{grid-column:1/-1}
            .note{border-left:.3rem solid var(--bad);background:var(--raised);padding:.5rem .75rem;margin:1rem 0;\
            overflow-wrap:anywhere;white-space:pre-line}
            .attention li{margin:.4rem 0;overflow-wrap:anywhere}
            .scroll{overflow-x:auto;margin:.75rem 0}
            table{border-collapse:collapse;width:100%;font-size:.9rem}
            caption{text-align:left;color:var(--soft);padding:.25rem 0}
            th,td{text-align:left;vertical-align:top;padding:.3rem .75rem .3rem 0;border-top:1px solid var(--line)}
            th{font-weight:600}
            tbody th{font-weight:400;min-width:10rem;overflow-wrap:anywhere}
            td{overflow-wrap:anywhere;white-space:pre-line}
            td.n{white-space:nowrap;font-variant-numeric:tabular-nums}
            td.g{padding:0;width:40%;min-width:14rem;vertical-align:middle;border-left:1px solid var(--line);\
            border-right:1px solid var(--line)}
            table.overview td.g{width:25%;min-width:10rem}
            table.overview tbody th{min-width:14rem}
            table.unprotected{--shade:var(--unprotected)}
            table.paused{--shade:var(--pause)}
            td.g{position:relative}
            table.unprotected td.g::before,table.paused td.g::before{content:"";position:absolute;top:0;bottom:0;\
            left:var(--from);width:var(--for);background:var(--shade);opacity:.45}
            svg{display:block;position:relative;width:100%;height:.9rem}
            .b{fill:var(--bar)}.f{fill:var(--bad)}.o{fill:none;stroke:var(--open);stroke-width:2px;stroke-dasharray:4 3;\
            vector-effect:non-scaling-stroke}
            .u{fill:var(--unprotected)}.p{fill:var(--pause)}
            .t{stroke:var(--ink);stroke-width:1px;vector-effect:non-scaling-stroke;fill:none}
            .legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0;font-size:.9rem}
            .legend li{display:flex;align-items:center;gap:.4rem}
            .legend svg{width:2.5rem}
            details{border:1px solid var(--line);border-radius:.4rem;margin:.5rem 0}
            summary{padding:.5rem .75rem;cursor:pointer;background:var(--raised);border-radius:.4rem}
            .more{color:var(--soft);font-size:.9rem;margin-left:.5rem}
            .inside{padding:.25rem .75rem .5rem}
            .state{display:inline-block;font-size:.85rem;font-weight:600;border:1px solid currentColor;border-radius:.3rem;\
            padding:0 .4rem;white-space:nowrap}
            .good{color:var(--good)}.bad{color:var(--bad)}.open{color:var(--open)}
            .back{margin:.25rem 0;font-size:.85rem}
            @media (max-width:40rem){main{padding:.5rem .75rem 2rem}dl.facts>div{grid-template-columns:1fr}}
            @page{margin:12mm}
            @media print{:root{color-scheme:light;--page:#fff;--ink:#000;--soft:#444;--line:#bbb;--raised:#fff;--link:#000;\
            --bar:#2f6fb5;--bad:#b3202a;--good:#1c7040;--open:#8a5a00;--unprotected:#f7b955;--pause:#c9b3f2}
            *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
            html{font-size:7.5pt}main{max-width:none;padding:0}.skip,.back{display:none}.scroll{overflow:visible}
                        details::details-content{content-visibility:visible;display:block;block-size:auto}
            tr,dl.facts>div{break-inside:avoid}summary{break-after:avoid}}
            """;

    private Style() {}
}
