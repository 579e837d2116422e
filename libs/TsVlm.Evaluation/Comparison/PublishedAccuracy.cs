using TsVlm.Data;
using TsVlm.Data.Readers;

namespace TsVlm.Evaluation.Comparison;

/// <summary>A test accuracy that others published, on the archive's own split.</summary>
/// <param name="Dataset">What the archive calls the data set.</param>
/// <param name="Method">What its authors call the method.</param>
/// <param name="Accuracy">From 0 to 1, as published.</param>
/// <param name="NumDecimals">Decimals it was given with.</param>
/// <param name="Source">Where it was published; empty where the file does not tell.</param>
public sealed record PublishedAccuracy(string Dataset, string Method, double Accuracy, int NumDecimals, string Source)
{
    /// <summary>Reads a table with the columns dataset, method and accuracy, and source where there is one.</summary>
    /// <exception cref="DataException">No such file, a row is not as expected, or a result is given twice.</exception>
    public static IReadOnlyList<PublishedAccuracy> Read(string path)
    {
        var results = new List<PublishedAccuracy>();
        var places = new Dictionary<(string, string), string>();
        foreach (var row in CsvTable.Read(path, "dataset", "method", "accuracy"))
        {
            var text = row.Text("accuracy");
            var point = text.IndexOf('.');
            var result = new PublishedAccuracy(
                row.Text("dataset"), row.Text("method"), row.Share("accuracy"), point < 0
                ? 0 : text.Length - point - 1, row.OptionalText("source"));
            if (!places.TryAdd((result.Dataset, result.Method), row.Place))
                throw new DataException(
                    $"{row.Place}: expected one result of {result.Method} on {result.Dataset}, found another in {places[(result.Dataset, result.Method)]}. "
                    + "Take one out, or tell the methods apart by name.");
            results.Add(result);
        }
        return results;
    }

    /// <summary>
    /// The share of test cases that was rounded to the published result, so that equal results tie whatever decimals they are given with;
    /// the result itself where it is no whole number of cases, such as a mean of runs, or its decimals do not tell the cases apart.
    /// </summary>
    public double Exact(int numTest) => RoundedShare.Exact(Accuracy, NumDecimals, numTest);
}
