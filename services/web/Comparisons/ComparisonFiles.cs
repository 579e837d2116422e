using TsVlm.Client;
using TsVlm.Data;
using TsVlm.Evaluation.Results;
using TsVlm.Pages;
using TsVlm.Pages.Comparison;

namespace TsVlm.Web.Comparisons;

/// <summary>The files of <c>tsvlm compare</c> for experiments of the server: the page that needs nothing but itself, and its tables.</summary>
internal static class ComparisonFiles
{
    /// <summary>Where a file of a comparison is.</summary>
    public static string AddressOf(string file, string experiments, string? reference) => $"files/compare/{file}?experiments={Uri.EscapeDataString(experiments)}"
        + (reference is null ? "" : $"&reference={Uri.EscapeDataString(reference)}");

    /// <summary>Compares, and opens one of the files; null where there is none of that name.</summary>
    /// <exception cref="DataException">The experiments cannot be compared.</exception>
    public static async Task<Stream?> Open(TsVlmClient client, string file, IReadOnlyList<string> experiments, string? reference, ReportHeading heading,
        CancellationToken cancellationToken)
    {
        if (file != ComparisonOutput.PageName && !ComparisonOutput.TableNames.Contains(file)) return null;
        using var compared = await ComparedExperiments.Fetch(client, experiments, cancellationToken);
        var comparison = compared.Compare(reference);
        var tests = await compared.Test(client, comparison, cancellationToken);
        var folder = Directory.CreateTempSubdirectory("tsvlm-web-");
        try
        {
            ComparisonOutput.Write(comparison, tests, heading, folder.FullName);
            return new MemoryStream(await File.ReadAllBytesAsync(Path.Combine(folder.FullName, file), cancellationToken));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What the page tells beside the comparison.</summary>
    public static ReportHeading Heading(IReadOnlyList<string> experiments, string address, TimeProvider clock) =>
        new($"Comparison of {string.Join(", ", experiments)}", clock.GetUtcNow(), address, RunCard.ThisCode);
}
