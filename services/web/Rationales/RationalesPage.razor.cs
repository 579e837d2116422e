using Microsoft.AspNetCore.Components;
using TsVlm.Data;
using TsVlm.Representations.Rationales;
using TsVlm.Web.Access;
using TsVlm.Web.Datasets;

namespace TsVlm.Web.Rationales;

/// <summary>Accepts, edits and rejects the lines of a file of rationales on this machine.</summary>
public sealed partial class RationalesPage : ComponentBase
{
    private const int Size = 25;
    private RationaleFolder? folder;
    private IReadOnlyList<string> names = [];
    private EditedRationales? edited;
    private List<int> chosen = [];
    private string? problem;
    private string? opened;
    private string? filtered;

    /// <summary>The file.</summary>
    [SupplyParameterFromQuery(Name = "file")]
    public string? File { get; set; }

    /// <summary><c>accepted</c> or <c>rejected</c>; null for all.</summary>
    [SupplyParameterFromQuery(Name = "show")]
    public string? Show { get; set; }

    /// <summary>A part of the class or of the text that is searched for.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Search { get; set; }

    /// <summary>Place of the first line shown.</summary>
    [SupplyParameterFromQuery(Name = "offset")]
    public int From { get; set; }

    [Inject]
    internal WebSettings Settings { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private int Offset => Math.Max(0, From);

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        folder = Settings.RationaleFolder is { } path ? new(path) : null;
        names = folder?.Names ?? [];
    }

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        if (folder is null) return;
        if (File != opened)
        {
            (opened, edited, problem, filtered) = (File, null, null, null);
            try
            {
                edited = File is null ? null : folder.Open(File);
            }
            catch (Exception error) when (error is DataException or IOException or UnauthorizedAccessException)
            {
                problem = error.Message;
            }
        }
        // Lines that are changed stay where they are until the filter is.
        if (edited is null || filtered == $"{Show}\n{Search}") return;
        filtered = $"{Show}\n{Search}";
        chosen = [.. edited.Rationales.Index().Where(line => IsWanted(line.Item)).Select(line => line.Index)];
    }

    private bool IsWanted(WrittenRationale rationale) => (Show is null || rationale.IsAccepted == (Show == "accepted"))
        && (string.IsNullOrWhiteSpace(Search) || rationale.Class.Contains(Search.Trim(), StringComparison.OrdinalIgnoreCase)
            || rationale.Text.Contains(Search.Trim(), StringComparison.OrdinalIgnoreCase));

    private void Change(int place, string text, bool isAccepted)
    {
        try
        {
            edited!.Change(place, text, isAccepted);
            problem = null;
        }
        catch (Exception error) when (error is DataException or IOException or UnauthorizedAccessException)
        {
            problem = error.Message;
        }
    }

    private static string CaseAddress(WrittenRationale rationale) =>
        $"{DatasetAddress.Of(rationale.Dataset)}?class={Uri.EscapeDataString(rationale.Class)}";

    private void Go(params (string Name, object? Value)[] changed) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(
        changed.ToDictionary(one => one.Name, one => one.Value is "" ? null : one.Value)));
}
