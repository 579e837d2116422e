using TsVlm.Baselines.Linear;
using TsVlm.VisionLanguage.Architecture;
using TsVlm.VisionLanguage.Inputs;
using TsVlm.VisionLanguage.Probing;

namespace TsVlm.Trainer;

/// <summary>
/// Fits the output layer's rows for the tokens of answers, before the model learns: one ridge regression over every token of every training
/// answer, so that answers may have several tokens and share them. The temperature is that of the tokens at which answers part.
/// </summary>
internal static class OutputLayerFitting
{
    /// <summary>Fits the rows on samples and puts them into the model.</summary>
    public static void Fit(Llava model, IReadOnlyList<EncodedSample> samples, BatchFormat format, CancellationToken cancellationToken)
    {
        var rows = new AnswerRows(model);
        var answers = rows.Read(samples, format, cancellationToken);
        var parting = Parting(answers);
        int[] tokens = [.. answers.SelectMany(answer => answer.Ids).Distinct().Order()];
        var classOf = tokens.Index().ToDictionary(token => token.Item, token => token.Index);
        float[][] states = [.. answers.SelectMany(answer => answer.States)];
        int[] classes = [.. answers.SelectMany(answer => answer.Ids.Select(id => classOf[id]))];
        bool[] parts = [.. answers.SelectMany(answer => answer.Ids.Select((_, i) => parting.Contains(Prefix(answer, i))))];

        var ridge = RidgeClassifier.Fit(states, classes, tokens.Length, cancellationToken: cancellationToken);
        int[] decisive = [.. Enumerable.Range(0, states.Length).Where(i => parts[i])];
        var scale = decisive.Length == 0 ? ridge.InverseTemperature
            : SoftmaxTemperature.FitInverse([.. decisive.Select(i => ridge.LeaveOneOut[i])], [.. decisive.Select(i => classes[i])]);
        rows.Replace(tokens, Array.ConvertAll(ridge.Weights, weight => weight * scale),
            Array.ConvertAll(ridge.Intercepts, bias => bias * scale), states);
    }

    /// <summary>Beginnings of answers after which more than one token comes.</summary>
    private static HashSet<string> Parting(IReadOnlyList<AnswerTokens> answers) =>
        [.. answers.SelectMany(answer => answer.Ids.Select((id, i) => (Prefix: Prefix(answer, i), Next: id)))
            .Distinct().CountBy(pair => pair.Prefix).Where(count => count.Value > 1).Select(count => count.Key)];

    private static string Prefix(AnswerTokens answer, int length) => string.Join(' ', answer.Ids.Take(length));
}
