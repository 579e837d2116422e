namespace TsVlm.Pages.Comparison;

/// <summary>What the page of a comparison adds to the common look.</summary>
internal static class ComparisonStyle
{
    public static HtmlText Markup => $$"""
        <style>/*<![CDATA[*/
        .cp{--c:var(--quiet)}
        .dot.hollow{fill:var(--card);stroke:var(--c);stroke-width:1.8}
        .chip.cp{background:none;border:2px solid var(--c);border-radius:2px}
        .kind{margin-left:.5rem;padding:0 .4rem;border:1px solid var(--line);border-radius:99px;color:var(--quiet);font-size:.76rem;font-style:normal;white-space:nowrap}
        th.published,td.published{font-style:italic}
        svg .leader{fill:none;stroke:var(--quiet);stroke-width:1}
        svg .scale{fill:none;stroke:var(--ink);stroke-width:1.5}
        svg .clique{stroke:var(--accent);stroke-width:5;stroke-linecap:round}
        svg .rank{fill:var(--quiet);font-size:11px;font-variant-numeric:tabular-nums}
        svg .published{font-style:italic}
        svg .level-line{stroke:var(--quiet);stroke-dasharray:5 4;fill:none}
        svg .corner{fill:var(--quiet);font-size:11px}
        table.pairs{font-size:.82rem}
        .pairs td,.pairs th{padding:.3rem .4rem}
        .pairs td{text-align:center;font-variant-numeric:tabular-nums;white-space:nowrap;border:1px solid var(--line)}
        .pairs td b{display:block;font-size:.9rem}
        .pairs td span{display:block;color:var(--quiet);font-size:.72rem}
        .pairs thead th{text-align:center;white-space:normal;min-width:5.4rem;font-size:.72rem;overflow-wrap:break-word}
        .pairs thead td{border:0;border-bottom:1px solid var(--quiet)}
        .pairs tbody th{min-width:13rem;max-width:14rem;white-space:normal;overflow-wrap:break-word}
        .ranks th,.ranks td{padding-left:.5rem;padding-right:.5rem}
        .pairs .self{background:var(--soft)}
        .up,.down{--share:14%}
        .more{--share:30%}
        .most{--share:48%}
        .up{background:color-mix(in srgb,var(--good) var(--share),transparent)}
        .down{background:color-mix(in srgb,var(--bad) var(--share),transparent)}
        .bins th{white-space:nowrap}
        .bins thead th{white-space:normal;overflow-wrap:break-word;min-width:5.2rem}
        .bins td small{color:var(--quiet)}
        .bins .group th{padding-top:1.1rem}
        .scores td small{color:var(--quiet);font-size:.8em}
        .scores thead th{white-space:normal;overflow-wrap:break-word;min-width:5.6rem}
        .name{white-space:nowrap}
        figcaption .record{display:block;margin-left:0}
        .notice{padding:.8rem 1.1rem;border-left:4px solid var(--accent);background:var(--soft);border-radius:4px 10px 10px 4px}
        .notice p,.notice ul{margin:.2rem 0;max-width:none}
        /*]]>*/</style>
        """;
}
