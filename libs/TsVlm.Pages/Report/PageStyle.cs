namespace TsVlm.Pages.Report;

/// <summary>The look of the page, light and dark, on screen and paper.</summary>
internal static class PageStyle
{
    public static HtmlText Markup => $"<style>/*<![CDATA[*/{Colours}{Text}{Tables}{Charts}{Runs}{Media}/*]]>*/</style>";

    // Scenario colours keep a contrast of 3:1 on the page in both schemes and differ in lightness, not in hue alone.
    private static HtmlText Colours => $$"""

        :root{--page:#f7f7f5;--card:#fff;--ink:#1d2126;--quiet:#5b646e;--line:#e1e3e3;--soft:#f1f2f1;--accent:#1f5f99;--on-accent:#fff;
        --good:#1b7346;--bad:#b3341f;--bad-soft:#fdf1ee;--baseline:#6d747c;
        --c0:#1f63a8;--c1:#c9581a;--c2:#12876a;--c3:#8a4bc0;--c4:#a87a00;--c5:#c02f6b;--c6:#0f8ba3;--c7:#7a5a41}
        @media (prefers-color-scheme:dark) {
        :root{--page:#14171a;--card:#1b1f23;--ink:#e4e7e9;--quiet:#9aa4ad;--line:#30363c;--soft:#22272c;--accent:#6cb1ee;--on-accent:#0d1720;
        --good:#5cc48d;--bad:#f08a72;--bad-soft:#2d1d1a;--baseline:#98a0a8;
        --c0:#6cb1ee;--c1:#f09a63;--c2:#4fc7a4;--c3:#bf93ec;--c4:#dcb43f;--c5:#f07fae;--c6:#56c6dc;--c7:#c8a182}
        }
        .c0{--c:var(--c0)}
        .c1{--c:var(--c1)}
        .c2{--c:var(--c2)}
        .c3{--c:var(--c3)}
        .c4{--c:var(--c4)}
        .c5{--c:var(--c5)}
        .c6{--c:var(--c6)}
        .c7{--c:var(--c7)}
        .cb{--c:var(--baseline)}
        """;

    private static HtmlText Text => $$"""

        *{box-sizing:border-box}
        html{scroll-behavior:smooth;scroll-padding-top:3.6rem;-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55
        system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Liberation Sans",Arial,sans-serif}
        header,main{max-width:1280px;margin:0 auto;padding:0 2rem}
        header{padding-top:2.6rem;padding-bottom:1.2rem}
        .kicker{margin:0;color:var(--accent);font-size:.8rem;font-weight:600;letter-spacing:.06em;text-transform:uppercase}
        h1{margin:.25rem 0 .5rem;font-size:2.1rem;line-height:1.2;letter-spacing:-.015em;overflow-wrap:anywhere}
        h2{margin:0 0 1rem;font-size:1.45rem;letter-spacing:-.01em}
        h3{margin:2rem 0 .6rem;font-size:1.1rem}
        h4{margin:1.2rem 0 .5rem;font-size:.95rem}
        h5{margin:0 0 .5rem;font-size:.85rem;color:var(--quiet);font-weight:600}
        p{margin:.5rem 0 1rem;max-width:76ch}
        .meta{display:flex;flex-wrap:wrap;gap:.2rem 1.6rem;margin:0;max-width:none;color:var(--quiet);font-size:.9rem}
        a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:2px}
        a:focus-visible,summary:focus-visible,button:focus-visible,input:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
        code,pre{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace;font-size:.84em}
        code{overflow-wrap:anywhere}
        pre{margin:.4rem 0;padding:.8rem 1rem;background:var(--soft);border-radius:8px;white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.45}
        nav{position:sticky;top:0;z-index:2;display:flex;gap:1.5rem;overflow-x:auto;
        padding:.7rem max(2rem,calc((100% - 1280px)/2 + 2rem));background:var(--page);
        border-bottom:1px solid var(--line);white-space:nowrap;font-size:.92rem}
        nav a{color:var(--quiet);text-decoration:none}
        nav a:hover{color:var(--accent)}
        section{margin:1.6rem 0;padding:1.7rem 1.9rem;background:var(--card);border:1px solid var(--line);border-radius:12px}
        .lead{font-size:1.16rem;line-height:1.5}
        .quiet{color:var(--quiet);font-weight:400;font-size:.92em}
        .tiles{display:flex;flex-wrap:wrap;gap:.8rem;margin:0 0 1.4rem}
        .tile{flex:1 1 7rem;padding:.7rem 1rem;background:var(--soft);border-radius:10px}
        .tile b{display:block;font-size:1.5rem;line-height:1.25;font-weight:600;font-variant-numeric:tabular-nums}
        .tile span{color:var(--quiet);font-size:.86rem}
        .tile.bad{background:var(--bad-soft)}
        .tile.bad b{color:var(--bad)}
        .failures,.alarm{padding:.9rem 1.2rem;border-left:4px solid var(--bad);background:var(--bad-soft);border-radius:4px 10px 10px 4px}
        .failures{margin:0 0 1.4rem}
        .failures h3{margin:0;color:var(--bad)}
        .failures p{margin:.2rem 0 .6rem}
        .failures ul{margin:0;padding:0;list-style:none}
        .failures li{padding:.45rem 0;border-top:1px solid var(--line)}
        .stage{margin-left:.6rem;padding:.1rem .5rem;border:1px solid var(--bad);border-radius:99px;color:var(--bad);font-size:.8rem;white-space:nowrap}
        .reason{display:block;overflow-wrap:anywhere;white-space:pre-wrap}
        .chip{display:inline-block;width:.62rem;height:.62rem;margin-right:.5rem;border-radius:50%;background:var(--c)}
        .chip.cb{border-radius:1px;transform:rotate(45deg) scale(.85)}
        summary{cursor:pointer}
        .notes dt{margin-top:.7rem;font-weight:600}
        .notes dd{margin:.1rem 0 .1rem 1rem}
        """;

    private static HtmlText Tables => $$"""

        .scroll{max-width:100%;overflow-x:auto}
        .scroll.tall{max-height:30rem;overflow-y:auto}
        table{border-collapse:collapse;font-size:.89rem;line-height:1.35}
        .scroll>table{width:100%}
        th,td{padding:.42rem .7rem;text-align:left;border-bottom:1px solid var(--line);vertical-align:baseline}
        tbody th{font-weight:400;white-space:nowrap}
        thead th{color:var(--quiet);font-weight:600;font-size:.8rem;vertical-align:bottom;white-space:nowrap;border-bottom:1px solid var(--quiet)}
        .n,.numbers td{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        thead .quiet{font-size:1em}
        tbody tr:not(.group):hover{background:var(--soft)}
        tbody th a{color:inherit;text-decoration:none}
        tbody th a:hover{text-decoration:underline}
        .results th,.results td{padding-left:.5rem;padding-right:.5rem}
        .results .failed td{white-space:normal}
        .group th{padding-top:1.5rem;font-weight:650;font-size:.98rem}
        .results .group th{border-bottom:1px solid var(--quiet)}
        .group span{margin-left:.8rem;color:var(--quiet);font-weight:400;font-size:.84rem}
        td a{white-space:nowrap}
        .best{font-weight:700;color:var(--good)}
        .best span{font-size:.8em}
        tr.baseline>*{background:var(--soft)}
        tr.baseline th{font-style:italic}
        tr.reference>*{color:var(--quiet);font-style:italic;border-bottom:0}
        tr.failed td{color:var(--bad)}
        .verdict{white-space:nowrap}
        .verdict small{display:block;color:var(--quiet)}
        .verdict span{display:inline-block;min-width:4.6em;font-variant-numeric:tabular-nums}
        .better{color:var(--good)}
        .worse{color:var(--bad)}
        .level{color:var(--quiet)}
        th button{all:unset;cursor:pointer}
        th button:hover{color:var(--accent)}
        th[aria-sort]{color:var(--accent)}
        th[aria-sort=ascending] button::after{content:" ▴"}
        th[aria-sort=descending] button::after{content:" ▾"}
        .tools input{width:18rem;max-width:60vw;margin-left:.5rem;padding:.35rem .6rem;font:inherit;color:inherit;
        background:var(--page);border:1px solid var(--line);border-radius:6px}
        """;

    private static HtmlText Charts => $$"""

        .panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,500px),1fr));gap:1.4rem 2rem}
        .panels.small{grid-template-columns:repeat(auto-fill,minmax(min(100%,270px),1fr));gap:.8rem 1.4rem;margin-top:.8rem}
        figure{margin:0;min-width:0;break-inside:avoid}
        figure.wide{max-width:760px}
        figcaption{margin-bottom:.2rem;font-size:.92rem;overflow-wrap:anywhere}
        figcaption span{color:var(--quiet);margin-left:.4rem}
        svg{max-width:100%;height:auto;vertical-align:middle;font-size:12px}
        svg text{fill:var(--ink)}
        .panels svg{display:block}
        svg .tick,svg .axis{fill:var(--quiet);font-size:11px}
        svg .value{font-variant-numeric:tabular-nums}
        svg text.failed{fill:var(--bad);font-style:italic}
        .grid{stroke:var(--line)}
        .base{stroke:var(--quiet)}
        .zero{stroke:var(--quiet)}
        .majority{fill:none;stroke:var(--quiet);stroke-width:1.3;stroke-dasharray:5 4}
        .whisker{stroke:var(--c);stroke-width:2;stroke-opacity:.55}
        .dot{fill:var(--c,var(--quiet));stroke:var(--card);stroke-width:1}
        .dot.soft{fill-opacity:.8}
        .mean{stroke:var(--ink);stroke-width:2.5}
        .loss,.validation{fill:none;stroke:var(--c,var(--quiet));stroke-linejoin:round}
        .loss{stroke-width:1.1;stroke-opacity:.5}
        .refit{stroke-dasharray:4 3;stroke-opacity:.9}
        .validation{stroke-width:2}
        .ring{fill:none;stroke:var(--ink);stroke-width:1.5}
        .legend{display:flex;flex-wrap:wrap;gap:.3rem 1.6rem;font-size:.9rem}
        .curves{margin:.8rem 0;padding-top:.7rem;border-top:1px solid var(--line)}
        .curves>summary{font-weight:600}
        .void{fill:var(--soft)}
        .hit{fill:var(--accent)}
        .miss{fill:var(--c1)}
        .q1{fill-opacity:.16}
        .q2{fill-opacity:.28}
        .q3{fill-opacity:.4}
        .q4{fill-opacity:.52}
        .q5{fill-opacity:.64}
        .q6{fill-opacity:.76}
        .q7{fill-opacity:.88}
        .q8{fill-opacity:1}
        svg .count{font-variant-numeric:tabular-nums}
        svg .count.none{fill:var(--quiet);opacity:.55}
        svg .count.on{fill:var(--on-accent);font-weight:600}
        .reliability .dot,.abstention .dot{fill:var(--accent)}
        .abstention .curve{fill:none;stroke:var(--accent);stroke-width:1.5}
        .bar{fill:var(--accent);fill-opacity:.3}
        .gap{stroke:var(--bad);stroke-width:2}
        .counts{fill:var(--quiet);fill-opacity:.6}
        """;

    private static HtmlText Runs => $$"""

        .run{border-top:1px solid var(--line);padding:.55rem 0}
        .run>summary .figure{float:right;font-variant-numeric:tabular-nums}
        .run>summary .figure.failed{color:var(--bad);font-weight:600}
        .run>summary .quiet{margin-left:.5rem}
        .run[open]{padding-bottom:1.6rem}
        .columns{display:flex;flex-wrap:wrap;gap:.4rem 2.6rem;align-items:flex-start}
        .columns>div{flex:1 1 300px;min-width:0;max-width:100%}
        .columns.figures{gap:.4rem 1.6rem}
        .columns.figures>div{flex:0 1 auto}
        .columns.figures>div.classes{flex:1 1 350px;max-width:44rem}
        .words{max-width:460px;font-size:.85rem}
        .reliability+.temperature{max-width:258px;margin:.2rem 0;font-size:.82rem}
        .numbers th,.numbers td{padding:.3rem .42rem}
        .matrix+.quiet{max-width:460px}
        .columns.examples{gap:.4rem 1.6rem}
        .columns.examples>div{flex-basis:400px}
        .example{margin:.6rem 0;padding:.8rem 1rem;border:1px solid var(--line);border-left:4px solid var(--good);
        border-radius:4px 10px 10px 4px;break-inside:avoid}
        .example.wrong{border-left-color:var(--bad)}
        .seen{display:flex;flex-wrap:wrap;gap:1rem}
        .seen img,.noimage{width:168px;height:168px;background:#fff;border:1px solid var(--line);border-radius:6px;object-fit:contain}
        .seen img.sheet{width:auto;height:auto;max-width:100%;max-height:28rem}
        .noimage{margin:0;display:grid;place-items:center;background:var(--soft);color:var(--quiet);font-size:.85rem}
        .answer{flex:1 1 190px;min-width:0}
        .answer p{margin:0 0 .5rem}
        .right .answer p{color:inherit}
        .probabilities{width:100%;font-size:.82rem}
        .probabilities th,.probabilities td{padding:.16rem .3rem;border:0}
        .probabilities th{max-width:9rem;white-space:normal;overflow-wrap:break-word}
        .probabilities .track{width:45%}
        .track i,.meter i{display:block;height:.6rem;border-radius:3px;background:var(--quiet)}
        .true th{font-weight:650}
        .true .track i{background:var(--accent)}
        .meter{background:var(--soft);border-radius:3px;max-width:22rem}
        .meter i{background:var(--accent)}
        .prompt{max-height:20rem;overflow-y:auto}
        .example details{margin-top:.6rem;font-size:.88rem}
        .facts,.glossary{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.3rem 1.2rem;margin:.4rem 0;font-size:.92rem}
        .facts dt,.glossary dt{color:var(--quiet)}
        .facts dd,.glossary dd{margin:0;overflow-wrap:anywhere}
        .glossary{gap:.55rem 1.4rem}
        .glossary dt{color:var(--ink);font-weight:600}
        .glossary dd{max-width:80ch}
        .formula{font-family:"Cambria Math",Cambria,Georgia,"Liberation Serif",serif;font-style:italic;white-space:normal}
        .json{max-height:24rem;overflow-y:auto}
        """;

    private static HtmlText Media => $$"""

        @media (max-width:640px) {
          body{font-size:15px}
          header,main{padding-left:.9rem;padding-right:.9rem}
          nav{padding:.6rem .9rem;gap:1.1rem}
          section{padding:1.1rem 1rem;border-radius:10px}
          h1{font-size:1.6rem}
        .facts,.glossary{grid-template-columns:minmax(0,1fr);gap:.05rem}
        .facts dd,.glossary dd{margin-bottom:.5rem}
        .run>summary .figure{float:none;display:block;margin-left:1.2rem}
        th,td{padding:.38rem .5rem}
        }
        @page{size:A4 landscape;margin:14mm}
        @media print {
          :root{--page:#fff;--soft:#f4f4f4}
          body{font-size:10.5pt}
          nav,.tools{display:none}
          section{border:0;padding:0}
          header,main{padding:0;max-width:none}
          .scroll,.scroll.tall,.prompt,.json{overflow:visible;max-height:none}
          tr,.run>summary{break-inside:avoid}
          thead{display:table-header-group}
          table{font-size:8pt}
          thead th{font-size:7.5pt;white-space:normal}
          .group th{font-size:9pt}
          th,td{padding:.2rem .35rem}
          a{color:inherit;text-decoration:none}
        }
        @media (prefers-reduced-motion:reduce) {
          html{scroll-behavior:auto}
        }

        """;
}
