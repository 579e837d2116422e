using System.Collections.Concurrent;

namespace TsVlm.Pages.Documents;

/// <summary>Style sheets and scripts of the pages: files of this library, and part of it.</summary>
public static class PageAssets
{
    /// <summary>The common look, light and dark, on screen and paper. Its colours keep a contrast of 3:1 in both schemes and differ in lightness.</summary>
    public const string ReportStyle = "report.css";

    /// <summary>What a comparison adds to the common look.</summary>
    public const string ComparisonStyle = "comparison.css";

    /// <summary>What an audit adds to the common look.</summary>
    public const string AuditStyle = "audit.css";

    /// <summary>What plots of series add to the common look.</summary>
    public const string DatasetStyle = "datasets.css";

    /// <summary>What a page can do beyond being read: sort tables, filter runs, open the run a link points to.</summary>
    public const string ReportScript = "report.js";

    private static readonly ConcurrentDictionary<string, string> Texts = new();

    /// <summary>The text of one of these files.</summary>
    public static string Read(string name) => Texts.GetOrAdd(name, static name =>
    {
        using var reader = new StreamReader(typeof(PageAssets).Assembly.GetManifestResourceStream(name)
            ?? throw new ArgumentException($"{name}: expected a style sheet or script of the pages, found none of that name.", nameof(name)));
        return reader.ReadToEnd();
    });
}
