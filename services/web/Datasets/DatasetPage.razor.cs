using System.Globalization;
using Microsoft.AspNetCore.Components;
using TsVlm.Client;
using TsVlm.Contracts.Http;
using TsVlm.Evaluation.Audit;
using TsVlm.Pages.Datasets;
using TsVlm.Web.Layout;

namespace TsVlm.Web.Datasets;

/// <summary>One data set: its sizes, its series by class with their means, and what an audit finds.</summary>
public sealed partial class DatasetPage : ServerPage
{
    private const int NumAtATime = 12;    // classes, or series of a class
    private const int NumOverlaid = 4;    // series of a class in one plot
    private const int NumColumns = 300;   // as many as a plot has pixels
    private const int MaxChannels = 8;    // as many as the server shows at a time
    private const string DefaultPreset = "quick";
    private readonly Dictionary<string, IReadOnlyList<SeriesOutline>> series = [];
    private DatasetDetails? details;
    private Page<SeriesOutline>? page;
    private SeriesScale? scale;
    private IReadOnlyList<string> presets = [DefaultPreset];
    private IReadOnlyList<DatasetAudit> audits = [];
    private string preset = DefaultPreset;
    private string? auditProblem;
    private string? shown;
    private string? audited;
    private bool isAuditing;

    /// <summary>The data set.</summary>
    [Parameter]
    public required string Name { get; set; }

    /// <summary>Its content, where it is one of the store; null for one of the catalog.</summary>
    [SupplyParameterFromQuery(Name = "content")]
    public string? Content { get; set; }

    /// <summary>The class whose series are shown one by one; null for all classes.</summary>
    [SupplyParameterFromQuery(Name = "class")]
    public string? Class { get; set; }

    /// <summary>Place of the first class, or of the first series of a class.</summary>
    [SupplyParameterFromQuery(Name = "offset")]
    public int Offset { get; set; }

    /// <summary>The first channel that is drawn.</summary>
    [SupplyParameterFromQuery(Name = "channel")]
    public int Channel { get; set; }

    /// <summary><c>own</c> for axes of its own for each class or series; null for the same axes for all.</summary>
    [SupplyParameterFromQuery(Name = "axes")]
    public string? Axes { get; set; }

    /// <summary>The preset whose scenarios the data set is audited with; null for no audit.</summary>
    [SupplyParameterFromQuery(Name = "audit")]
    public string? Audit { get; set; }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        var wanted = $"{Name}\n{Content}\n{Class}\n{Offset}\n{Channel}";
        if (wanted != shown)
        {
            shown = wanted;
            if (!await Ask(client => Load(client, wanted))) return;
        }
        var wantedAudit = $"{Name}\n{Content}\n{Audit}";
        if (Audit is not null && details is not null && wantedAudit != audited) await Run(wantedAudit);
    }

    private async Task Load(TsVlmClient client, string wanted)
    {
        var (offset, channel) = (Math.Max(0, Offset), Math.Max(0, Channel));
        var found = await client.ShowDataset(Name, Content, Left, Class is null ? offset : 0, Class is null ? NumAtATime : 1, NumColumns, channel);
        var ofClass = Class is null ? null : await client.ShowSeries(Name, Content, Left, Class, offset: offset, limit: NumAtATime, columns: NumColumns,
            channel: channel);
        var overlaid = new Dictionary<string, IReadOnlyList<SeriesOutline>>();
        if (Class is null)
        {
            foreach (var known in found.Classes)
                overlaid[known.Label] = (await client.ShowSeries(Name, Content, Left, known.Label, limit: NumOverlaid, columns: NumColumns, channel: channel)).Items;
        }
        if (presets.Count == 1) presets = [.. (await client.ListPresets(Left)).Items.Select(known => known.Name)];
        if (wanted != shown) return;   // the user went on meanwhile
        (details, page) = (found, ofClass);
        series.Clear();
        foreach (var (label, some) in overlaid) series[label] = some;
        scale = SeriesScale.Of(found.MaxLength, found.StepsPerColumn, channel, ofClass?.Items ?? [.. overlaid.Values.SelectMany(some => some)],
            Class is null ? [.. found.Classes.Select(known => known.Means)] : []);
    }

    private void StartAudit()
    {
        audited = null;   // the same again, where it failed
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("audit", preset), replace: true);
        if (Audit == preset) _ = InvokeAsync(() => Run($"{Name}\n{Content}\n{Audit}"));
    }

    private async Task Run(string wanted)
    {
        if (isAuditing) return;
        (audited, isAuditing, audits, auditProblem, preset) = (wanted, true, [], null, Audit!);
        StateHasChanged();
        if (!await Ask(async client => audits = [AuditOf.Response(details!, await client.AuditDataset(Name, Content, Audit!, Left))]))
            (auditProblem, Error) = (Error, null);
        isAuditing = false;
        StateHasChanged();
    }

    private SeriesScale ScaleOf(IReadOnlyList<SeriesOutline> drawn, IReadOnlyList<ChannelMeans>? means = null) => Axes == "own"
        ? SeriesScale.Of(scale!.Length, scale.StepsPerColumn, scale.FirstChannel, drawn, means is null ? [] : [means])
        : scale!;

    private string Address(string? label, int offset, int channel) => Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
    {
        ["class"] = label,
        ["offset"] = offset > 0 ? offset : null,
        ["channel"] = channel > 0 ? channel : null,
    });

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
