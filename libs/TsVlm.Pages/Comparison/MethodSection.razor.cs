using TsVlm.Evaluation.Comparison;

namespace TsVlm.Pages.Comparison;

/// <summary>How the results were made, with their sources, and the command that makes them again.</summary>
public sealed partial class MethodSection
{
    private static HtmlText Sources(ScoreTable table)
    {
        if (table.Classifiers.All(c => c.Kind is not ClassifierKind.Published)) return HtmlText.Empty;
        return $"""
            <h3>Published results</h3>
            <p>Nothing was run here for these; others measured them on the archive’s own split, on other machines and with code that was not checked here.
            A rounded result is taken for the share of test cases that rounds to it, where that is one.</p>
            <details class="notes"><summary>Sources ({table.Sources.Count})</summary><ul>{table.Sources.Select(HtmlText (s) => $"<li>{s}</li>")}</ul></details>

            """;
    }
}
