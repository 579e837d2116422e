using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace TsVlm.Pages.Tests;

/// <summary>Pages by their elements and cells: what a page states, not the phrases it states it in.</summary>
internal static partial class HtmlPage
{
    public static IDocument Parse(string page) => new HtmlParser().ParseDocument(page);

    public static IDocument Read(string path) => Parse(File.ReadAllText(path));

    /// <summary>The text of an element, its blanks and line breaks as a browser shows them.</summary>
    public static string Shown(this INode node) => Blanks().Replace(node.TextContent, " ").Trim();

    /// <summary>The texts of all elements that a selector finds.</summary>
    public static string[] Texts(this IParentNode node, string selector) => [.. node.QuerySelectorAll(selector).Select(Shown)];

    /// <summary>The one element that a selector finds.</summary>
    public static IElement One(this IParentNode node, string selector) => Assert.Single(node.QuerySelectorAll(selector));

    /// <summary>The cells of each row that a selector finds.</summary>
    public static string[][] Rows(this IParentNode node, string selector) =>
        [.. node.QuerySelectorAll(selector).Select(row => row.Children.Select(Shown).ToArray())];

    /// <summary>The values of a description list by their terms.</summary>
    public static Dictionary<string, string> Facts(this IParentNode node, string selector) =>
        node.QuerySelectorAll($"{selector} > dt").ToDictionary(Shown, term => term.NextElementSibling!.Shown());

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
