using TsVlm.Evaluation.Comparison;
using TsVlm.Pages.Report;

namespace TsVlm.Pages.Comparison;

/// <summary>
/// How each classifier is drawn and named: scenarios as coloured dots, baselines as diamonds, published methods hollow and in italics.
/// </summary>
public sealed class ClassifierMarks(RankComparison comparison)
{
    private readonly Dictionary<ComparedClassifier, string> colours = comparison.Table.Classifiers
        .Where(c => c.Kind is ClassifierKind.Scenario).Index()
        .ToDictionary(c => c.Item, c => $"c{c.Index % ScenarioComparison.NumColours}");

    /// <summary>CSS class of its colour.</summary>
    public string Colour(ComparedClassifier classifier) => classifier.Kind switch
    {
        ClassifierKind.Scenario => colours[classifier],
        ClassifierKind.Baseline => "cb",
        _ => "cp",
    };

    /// <summary>Its name in a table, with what it is.</summary>
    public HtmlText Name(ComparedClassifier classifier) => $"""
        <i class="chip {Colour(classifier)}"></i>{Breakable(classifier)}{(KindName(classifier) is { } kind ? $"<span class=\"kind\">{kind}</span>" : HtmlText.Empty)}
        """;

    /// <summary>Its name in the head of a column.</summary>
    public static HtmlText Head(ComparedClassifier classifier) => classifier.Kind is ClassifierKind.Published
        ? (HtmlText)$"""<th scope="col" class="n published">{Breakable(classifier)} <span class="kind">published</span></th>"""
        : $"""<th scope="col" class="n">{Breakable(classifier)}</th>""";

    /// <summary>Its mark in a chart, hovered for what it says.</summary>
    public HtmlText Point(ComparedClassifier classifier, double x, double y, string says) => $"""
        <g class="{Colour(classifier)}"><title>{says}</title>{classifier.Kind switch
        {
            ClassifierKind.Scenario => (HtmlText)$"""<circle class="dot" cx="{x:0.#}" cy="{y:0.#}" r="5.5"/>""",
            ClassifierKind.Baseline => $"""<path class="dot" d="M{x - 6:0.#} {y:0.#}L{x:0.#} {y - 6:0.#}L{x + 6:0.#} {y:0.#}L{x:0.#} {y + 6:0.#}Z"/>""",
            _ => $"""<rect class="dot hollow" x="{x - 4.5:0.#}" y="{y - 4.5:0.#}" width="9" height="9"/>""",
        }}</g>
        """;

    /// <summary>CSS class of its text in a chart.</summary>
    public static string TextStyle(ComparedClassifier classifier) => classifier.Kind is ClassifierKind.Published ? "published" : "row";

    /// <summary>A name that may be broken behind its underscores.</summary>
    private static HtmlText Breakable(ComparedClassifier classifier) =>
        $"""{Plain(classifier).Split('_').Select((part, i) => i == 0 ? (HtmlText)$"{part}" : $"_<wbr/>{part}")}""";

    private static string Plain(ComparedClassifier classifier) => classifier.Kind is ClassifierKind.Published
        ? classifier.Name[..^ComparedClassifier.PublishedMark.Length]
        : classifier.Name;

    private static string? KindName(ComparedClassifier classifier) => classifier.Kind switch
    {
        ClassifierKind.Baseline => "baseline",
        ClassifierKind.Published => "published",
        _ => null,
    };
}
