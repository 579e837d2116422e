using TsVlm.Contracts;

namespace TsVlm.Web.Datasets;

/// <summary>Where pages of data sets are.</summary>
internal static class DatasetAddress
{
    /// <summary>The page of a data set of the catalog.</summary>
    public static string Of(string name) => $"data/{Uri.EscapeDataString(name)}";

    /// <summary>The page of a data set of the store.</summary>
    public static string Of(DatasetReference dataset) => $"{Of(dataset.Name)}?content={Uri.EscapeDataString(dataset.ContentHash)}";

    /// <summary>The page that starts an experiment with it.</summary>
    public static string OfExperiment(string name, string? contentHash) => contentHash is null
        ? $"new?datasets={Uri.EscapeDataString(name)}"
        : $"new?stored={Uri.EscapeDataString($"{name}:{contentHash}")}";

    /// <summary>The data set that a page is to start an experiment with, as <c>NAME:HASH</c>; null for another text.</summary>
    public static DatasetReference? Stored(string? text) =>
        text?.LastIndexOf(':') is { } colon and > 0 && colon < text.Length - 1 ? new(text[..colon], text[(colon + 1)..]) : null;
}
