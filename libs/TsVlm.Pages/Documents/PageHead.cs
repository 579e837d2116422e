using Microsoft.AspNetCore.Components;

namespace TsVlm.Pages.Documents;

/// <summary>The parts of a self-contained page that a component cannot spell out as well-formed XML.</summary>
internal static class PageHead
{
    /// <summary>Before the title.</summary>
    public static HtmlText Meta => $"""
        <meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        """;

    /// <summary>Style sheets of <see cref="PageAssets"/>, in the page.</summary>
    public static MarkupString Styles(IEnumerable<string> names) =>
        new(string.Concat(names.Select(name => $"<style>/*<![CDATA[*/\n{PageAssets.Read(name)}/*]]>*/</style>")));

    /// <summary>The script of <see cref="PageAssets"/>, in the page.</summary>
    public static MarkupString Script => new($"<script>/*<![CDATA[*/\n{PageAssets.Read(PageAssets.ReportScript)}/*]]>*/</script>");
}
