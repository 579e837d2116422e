using TsVlm.Evaluation;
using TsVlm.Evaluation.Results;
using TsVlm.Representations;

namespace TsVlm.Pages.Report;

/// <summary>Test cases as the model saw them, with its answer; right ones beside wrong ones.</summary>
internal static class ExampleCards
{
    private const int MaxProbabilities = 5;

    public static HtmlText Markup(ReportRun run, ExampleBudget budget)
    {
        if (run.RightExamples.Count + run.WrongExamples.Count == 0) return HtmlText.Empty;
        var (right, wrong) = (budget.Of(run, run.RightExamples), budget.Of(run, run.WrongExamples));
        return right.Count + wrong.Count == 0
            ? (HtmlText)$"""
                <p class="quiet">Its examples are left out to keep this page small; every prediction is in <code>runs/{run.Run.Id}/predictions.csv</code>.</p>
                """
            : $"""<div class="columns examples"><div><h4>Predicted right</h4>{Cards(right)}</div><div><h4>Predicted wrong</h4>{Cards(wrong)}</div></div>""";
    }

    private static HtmlText Cards(IReadOnlyList<TestExample> examples) =>
        examples.Count == 0 ? (HtmlText)$"<p class=\"quiet\">None.</p>" : $"{examples.Select(Card)}";

    private static HtmlText Card(TestExample example)
    {
        var (style, mark) = example.Label == example.Prediction ? ("right", "✓") : ("wrong", "✗");
        var probabilities = example.Probabilities.Take(MaxProbabilities).Select(p => Bar(p, p.Label == example.Label));
        return $"""
            <article class="example {style}"><h5>Case {example.Case}</h5>
            <div class="seen">{(example.Image is { } image ? Image(example, image) : $"<p class=\"noimage\">no image</p>")}
            <div class="answer"><p>{mark} predicted <b>{example.Prediction}</b><br/>true class <b>{example.Label}</b></p>
            <table class="probabilities"><tbody>{probabilities}</tbody></table></div></div>
            {(example.Prompt is { } prompt ? Prompt(prompt) : HtmlText.Empty)}</article>

            """;
    }

    private static HtmlText Prompt(string prompt) => $"""
        <details><summary>Prompt <span class="quiet">{prompt.Length:#,0} characters</span></summary><pre class="prompt">{prompt}</pre></details>
        """;

    /// <summary>One image in the size of all, or a sheet of several in its own shape.</summary>
    private static HtmlText Image(TestExample example, byte[] image)
    {
        HtmlText style = ConversationTemplate.NumMarks(example.Prompt ?? "") > 1 ? $" class=\"sheet\"" : HtmlText.Empty;
        return $"""
            <img{style} alt="What the model is shown of case {example.Case}" src="data:image/png;base64,{Convert.ToBase64String(image)}"/>
            """;
    }

    private static HtmlText Bar(ClassProbability probability, bool isTrue) => $"""
        <tr{(isTrue ? $" class=\"true\"" : HtmlText.Empty)}><th scope="row">{probability.Label}{(isTrue ? " (true)" : "")}</th>
        <td class="track"><i style="width:{100 * probability.Probability:0.#}%"></i></td><td class="n">{MetricText.Percent(probability.Probability)}</td></tr>
        """;
}
