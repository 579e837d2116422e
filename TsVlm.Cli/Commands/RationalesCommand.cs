using System.ClientModel;
using System.ClientModel.Primitives;
using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.AI;
using OpenAI;
using TsVlm.Cli.Display;
using TsVlm.Cli.Hosting;
using TsVlm.Cli.Rationales;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Data.Splits;
using TsVlm.Experiments;
using TsVlm.Experiments.Grid;
using TsVlm.Models;
using TsVlm.Representations.Rationales;
using TsVlm.Representations.Samples;

namespace TsVlm.Cli.Commands;

/// <summary>
/// <c>tsvlm rationales</c>: why training cases belong to their classes, in a file that people edit and <c>tsvlm run --rationales</c> learns
/// from.
/// </summary>
internal static class RationalesCommand
{
    private const string Chat = "chat";
    private const string KeyVariable = "TSVLM_CHAT_KEY";

    public static Command Create()
    {
        var data = SharedOptions.Data();
        var datasets = SharedOptions.Datasets();
        var scenarios = SharedOptions.Scenarios();
        var scenario = SharedOptions.Scenario();
        scenarios.DefaultValueFactory = _ => "study-rationale";
        scenario.Description =
            "The scenario the rationales are for: its order, length and numbers; the first one with rationales where none is named.";
        var (protocol, model) = (SharedOptions.Protocol(), SharedOptions.Model());
        var resample = NumberOptions.Whole("--resample",
            "Resample of the split, whose training cases get rationales; 0 is the archive's own.", 0, 0, int.MaxValue);
        var generator = new Option<string>("--generator")
        {
            Description = "contrasts: statistics that set the class apart, without a model. chat: a chat model.",
            DefaultValueFactory = _ => RationaleSettings.Contrasts,
        };
        generator.AcceptOnlyFromAmong(RationaleSettings.Contrasts, Chat);
        var endpoint = new Option<string?>("--endpoint")
        {
            HelpName = "URL", Description =
                $"chat: an OpenAI-compatible service, such as http://localhost:11434/v1; its key is read from {KeyVariable}.",
        };
        var chatModel = new Option<string?>("--chat-model") { HelpName = "NAME", Description = "chat: the model's name there." };
        var pace = NumberOptions.Whole("--max-requests-per-minute", "chat: most requests a minute.", 60, 1, 100_000);
        var priceIn = NumberOptions.Real("--price-in", "chat: price of a million input tokens.", 0, 0, 1_000_000);
        var priceOut = NumberOptions.Real("--price-out", "chat: price of a million output tokens.", 0, 0, 1_000_000);
        var cache = new Option<string>("--cache")
        {
            HelpName = "DIR", Description = "chat: where answers are kept, so that nothing is asked twice.",
                DefaultValueFactory = _ => "rationale-cache",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only tells what would be asked, and about what it would cost." };
        var to = new Option<string>("--to")
        {
            HelpName = "FILE.csv", Description = "The file to write: dataset,case,class,rationale,accepted.",
                DefaultValueFactory = _ => "rationales.csv",
        };
        var force = new Option<bool>("--force") { Description = "Replaces that file, and what people changed in it." };
        var rawCsv = SharedOptions.RawCsv();
        var command = new Command("rationales",
            "Writes why each training case belongs to its class, for people to accept, edit or reject (accepted: yes or no). Validation and test cases are never looked at.\n"
            + "tsvlm run --rationales FILE then learns them as targets.\n\n"
            + "Examples:\n  tsvlm rationales --datasets CBF --to cbf.csv\n"
            + "  tsvlm rationales --data archive --datasets GunPoint --generator chat --endpoint http://localhost:11434/v1 --chat-model llama3.1 --dry-run")
        {
            data, datasets, scenarios, scenario, protocol, resample, model, generator, endpoint, chatModel, pace, priceIn, priceOut, cache,
                dryRun, to, force, rawCsv,
        };
        command.Validators.Add(result =>
        {
            if ((result.GetValue(generator) ?? RationaleSettings.Contrasts) == Chat)
            {
                if (!Uri.TryCreate(result.GetValue(endpoint), UriKind.Absolute, out _))
                    result.AddError("--endpoint: expected the URL of a chat service with --generator chat.");
                if (string.IsNullOrWhiteSpace(result.GetValue(chatModel)))
                    result.AddError("--chat-model: expected the name of a model with --generator chat, found none.");
                return;
            }
            foreach (var option in ((Option[])[endpoint, chatModel, pace, priceIn, priceOut, cache,
                dryRun]).Where(option => result.GetResult(option) is { Implicit: false }))
                result.AddError($"{option.Name} has no effect without --generator {Chat}; leave it out.");
        });
        command.Run(async (parsed, cancellationToken) =>
        {
            var target = Path.GetFullPath(parsed.GetValue(to)!);
            if (File.Exists(target) && !parsed.GetValue(force) && !parsed.GetValue(dryRun))
                throw new IOException(
                    $"{target}: expected no such file, found one that people may have edited. Name another one with --to, or replace it with --force.");
            if (!parsed.GetValue(dryRun)) WritableFolder.Require(Path.GetDirectoryName(target)!, "--to");
            var representation =
                Representation(GridExpansion.Of(ScenarioPresets.Open(parsed.GetValue(scenarios)!)), parsed.GetValue(scenario));
            var (catalog, folder, split) = (new DatasetCatalog(parsed.GetValue(data)), ModelFolder.Open(parsed.GetValue(model)!),
                new SplitReference(parsed.GetValue(protocol)!, parsed.GetValue(resample)));
            var makings = catalog.Select(parsed.GetValue(datasets)!).Select(catalog.Open)
                .Select(dataset => Making(dataset, split, representation, folder)).ToList();
            IReadOnlyList<WrittenRationale> written;
            if (parsed.GetValue(generator) == Chat)
            {
                var settings = new RationaleChatSettings
                {
                    Model = parsed.GetValue(chatModel)!, MaxRequestsPerMinute = parsed.GetValue(pace), PriceIn = parsed.GetValue(priceIn),
                        PriceOut = parsed.GetValue(priceOut),
                };
                using var client = Client(parsed.GetValue(endpoint)!, settings.Model);
                var chat = new RationaleChat(client, settings, new ChatAnswers(Path.GetFullPath(parsed.GetValue(cache)!)),
                    TimeProvider.System);
                foreach (var (dataset, training,
                    making) in makings) Console.WriteLine($"{dataset.Name}: {Told(chat.Estimate(making, dataset, training), "about ")}");
                if (parsed.GetValue(dryRun)) return 0;
                written = await Ask(chat, makings, folder, cancellationToken);
            }
            else
            {
                written = [.. makings.SelectMany(at => at.Training.Select(i => Contrast(at.Dataset, i, at.Making.RationaleOf(i)!)))];
            }
            var file = new RationaleFile(written);
            Write(target, parsed.GetValue(rawCsv) ? file.Text : file.EscapedText);
            Console.WriteLine($"{written.Count} rationales, {written.Count(r => r.IsAccepted)} accepted: {target}");
            return 0;
        });
        return command;
    }

    private static async Task<IReadOnlyList<WrittenRationale>> Ask(
        RationaleChat chat, IReadOnlyList<(Dataset Dataset, IReadOnlyList<int> Training, SampleMaking Making)> makings, ModelFolder model,
        CancellationToken cancellationToken)
    {
        var written = new List<WrittenRationale>();
        try
        {
            foreach (var (dataset, training, making) in makings)
                written.AddRange(await chat.Write(making, dataset, training,
                    model.Inputs.CountTokens, done => Told(dataset.Name, done, training.Count), cancellationToken));
        }
        finally
        {
            Console.WriteLine($"Asked: {Told(chat.Spent, "")}");
        }
        return written;
    }

    private static Representation Representation(GridExpansion grid, string? name)
    {
        var chosen = name is null ? grid.Scenarios.FirstOrDefault(s => s.Representation.Rationale is not null) : grid.Choose(name);
        if (chosen?.Representation.Rationale is not { } rationale)
            throw new GridException(
                $"--scenario {name}: expected a scenario with representation.rationale, found none. The preset study-rationale has some.");
        return chosen.Canonical().Representation with { Rationale = rationale with { Source = RationaleSettings.Contrasts } };
    }

    private static (Dataset Dataset, IReadOnlyList<int> Training, SampleMaking Making) Making(
        Dataset dataset, SplitReference reference, Representation representation, ModelFolder model)
    {
        var split = Splitter.Split(dataset, reference.Protocol, reference.Resample);
        return (dataset, split.Train, new SampleMaking(dataset, split, representation, model.Inputs, reference.Resample));
    }

    private static WrittenRationale Contrast(Dataset dataset, int number, string text) =>
        new(dataset.Name, number, dataset.Cases[number].Label, text, text.Length > 0);

    /// <summary>A service on one's own machine takes any key.</summary>
    private static OpenAIChat Client(string endpoint, string model)
    {
        var key = Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } given ? given : "none";
        // Whoever asks tries again by itself, at its own pace, and counts every request.
        var options = new OpenAIClientOptions { Endpoint = new Uri(endpoint), RetryPolicy = new ClientRetryPolicy(maxRetries: 0) };
        return new OpenAIChat(new OpenAIClient(new ApiKeyCredential(key), options).GetChatClient(model).AsIChatClient());
    }

    private static void Told(string dataset, int done, int total)
    {
        if (done == total || done % 50 == 0) Console.WriteLine($"{dataset}: {done} of {total}");
    }

    private static string Told(ChatCost cost, string about) => string.Create(CultureInfo.InvariantCulture,
        $"{cost.NumRequests} requests ({cost.NumKept} answers kept from before), {about}{cost.InputTokens} input and {cost.OutputTokens} output tokens, "
        + $"cost {about}{cost.Cost:0.####}");

    /// <summary>Readers see no half of a file.</summary>
    private static void Write(string path, string text)
    {
        File.WriteAllText(path + ".draft", text);
        File.Move(path + ".draft", path, overwrite: true);
    }
}
