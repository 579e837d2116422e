using System.Globalization;

namespace TsVlm.Evaluator;

/// <summary>The prediction of one test case.</summary>
/// <param name="Case">Number of the case in its data set: training file first, then test file, from 0.</param>
/// <param name="Label">Position of the true class.</param>
/// <param name="Predicted">Position of the most probable class.</param>
/// <param name="Probabilities">Probability of each class, summing to 1.</param>
public sealed record CasePrediction(int Case, int Label, int Predicted, IReadOnlyList<double> Probabilities)
{
    /// <summary>The most probable class is predicted; of equals, the first.</summary>
    public static CasePrediction Of(int number, int label, IReadOnlyList<double> probabilities) => new(number, label, Argmax(probabilities), probabilities);

    /// <summary>Position of the largest value; of equals, the first.</summary>
    public static int Argmax(IReadOnlyList<double> values)
    {
        var best = 0;
        for (var i = 1; i < values.Count; i++)
        {
            if (values[i] > values[best]) best = i;
        }
        return best;
    }
}

/// <summary>predictions.csv: one row a test case, with a probability for each class.</summary>
public static class PredictionsCsv
{
    /// <summary>Writes the table.</summary>
    public static void Write(TextWriter output, IReadOnlyList<string> classes, IEnumerable<CasePrediction> predictions)
    {
        output.Write(CsvText.Line(["index", "label", "prediction", .. classes.Select(c => $"probability_{c}")]) + "\n");
        foreach (var prediction in predictions)
        {
            output.Write(CsvText.Line([
                prediction.Case,
                classes[prediction.Label],
                classes[prediction.Predicted],
                .. prediction.Probabilities.Select(p => (object)p.ToString("0.######", CultureInfo.InvariantCulture))]) + "\n");
        }
    }

    /// <summary>Writes what the model said of each case before it answered: one row a test case.</summary>
    public static void WriteRationales(TextWriter output, IReadOnlyList<string> classes, IReadOnlyList<CasePrediction> predictions, IReadOnlyList<string> rationales)
    {
        output.Write(CsvText.Line("index", "prediction", "rationale") + "\n");
        foreach (var (prediction, rationale) in predictions.Zip(rationales)) output.Write(CsvText.Line(prediction.Case, classes[prediction.Predicted], rationale) + "\n");
    }
}
