using System.Text.Json;
using TsVlm.Artifacts;
using TsVlm.Artifacts.Folders;
using TsVlm.Cli.Export;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Data.Canonical;
using TsVlm.Data.Generators;
using TsVlm.Data.Splits;
using TsVlm.Datagen;
using TsVlm.Models;
using TsVlm.Representations;
using TsVlm.Representations.Rationales;
using TsVlm.Representations.Samples;
using TsVlm.Representations.Text;
using TsVlm.Scenarios.Experiments;
using TsVlm.Tests;
using TsVlm.VisionLanguage.Inputs;

namespace TsVlm.Cli.Tests.Export;

public sealed class ConversationExportTests : IDisposable
{
    private static readonly SplitReference Official = new("official", 0);
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>
    /// The JSON goes the way LLaVA's preprocess takes it (held to LLaVA itself in ConversationEncodingTests); the shards go the trainer's.
    /// </summary>
    [Theory]
    [InlineData(Arm.Both)]
    [InlineData(Arm.Text)]
    [InlineData(Arm.ShuffledImage)]
    public async Task Llava_reads_the_conversations_as_the_very_tokens_and_images_that_our_trainer_sees(Arm arm)
    {
        var model = ModelFolder.Open(TestFolders.Fixture("llava-tiny"));
        var (dataset, scenario) = (BuiltInDatasets.Generate("CBF"), ShortScenario(arm));
        var counts = new ConversationExport(scenario, Official, model).Write([dataset], folder.File("export"), Stop);
        Assert.Equal(["train", "validation", "test"], counts.Keys);

        var shards = await SamplesOfARun(dataset, scenario, model);
        var llava = new ConversationEncoding(model.Tokenizer, ConversationTemplate.V1);
        foreach (var split in counts.Keys)
        {
            var conversations = Read("export", split);
            Assert.Equal(counts[split], conversations.Count);
            var trained = SampleShards.Read(shards, split)
                .Select(sample => (sample.Input.Image, Encoded: new SampleEncoding(model).Encode(sample))).ToList();
            Assert.Equal(trained.Count, conversations.Count);
            foreach (var (expected, actual) in trained.Zip(conversations))
            {
                Assert.Equal($"CBF-{expected.Encoded.Case}", actual.Id);
                Assert.Equal(expected.Image is not null, actual.Human.Contains("<image>", StringComparison.Ordinal));
                var prompt = ConversationTemplate.V1.Prompt(actual.Human.Replace("<image>", "", StringComparison.Ordinal)
                    .Trim(), actual.Image is not null);
                var sequence = llava.Encode(prompt, actual.Gpt, actual.Image is null ? 0 : model.Inputs.NumImageTokens);
                Assert.Equal(expected.Encoded.InputIds, sequence.InputIds);
                Assert.Equal(expected.Encoded.TargetIds, sequence.TargetIds);
                if (actual.Image is not null) Assert.Equal(expected.Image, File.ReadAllBytes(folder.File($"export/{actual.Image}")));
                else Assert.Null(expected.Image);
            }
        }
    }

    [Theory]
    [InlineData(RationaleOrder.AnswerFirst)]
    [InlineData(RationaleOrder.RationaleFirst)]
    public void Rationales_are_exported_as_targets_of_training_samples_alone(RationaleOrder order)
    {
        var (dataset, scenario) = (BuiltInDatasets.Generate("CBF"), ShortScenario(Arm.Both));
        scenario = scenario with { Representation =
            scenario.Representation with { ContextLength = 400, Rationale = new() { Order = order } } };
        new ConversationExport(scenario, Official, ModelFolder.Open(TestFolders.Fixture("llava-tiny"))).Write([dataset],
            folder.File("export"), Stop);
        var format = new RationaleFormat(order);
        Assert.All(Read("export", "train"), c => Assert.Contains(format.AnswerIn(c.Gpt), dataset.Classes));
        Assert.Contains(Read("export", "train"), c => c.Gpt.Contains(" above ", StringComparison.Ordinal));
        foreach (var split in (string[])["validation", "test"])
            Assert.All(Read("export", split), c => Assert.Contains(c.Gpt, dataset.Classes));
        foreach (var split in (string[])["train", "validation", "test"])
            Assert.All(Read("export", split), c => Assert.DoesNotContain(" above ", c.Human));
    }

    [Fact]
    public void Rationales_of_a_file_are_exported_where_people_accepted_them()
    {
        var dataset = BuiltInDatasets.Generate("CBF");
        var training = Splitter.Split(dataset, "official", 0).Train;
        var file = new RationaleFile([
            .. training.Select(i => new WrittenRationale("CBF", i, dataset.Cases[i].Label, "it says so", i == training[3]))]);
        var scenario = ShortScenario(Arm.Both);
        scenario = scenario with { Representation =
            scenario.Representation with { ContextLength = 400, Rationale = new() { Source = file.Hash } } };
        new ConversationExport(scenario, Official, ModelFolder.Open(TestFolders.Fixture("llava-tiny")), file).Write([dataset],
            folder.File("export"), Stop);
        Assert.Equal([(3, $"{dataset.Cases[training[3]].Label}\nit says so")],
            Read("export", "train").Index().Where(c => c.Item.Gpt.Contains("it says so", StringComparison.Ordinal))
            .Select(c => (c.Index, c.Item.Gpt)));
    }

    [Fact]
    public void Samples_of_several_images_are_refused_as_the_format_holds_one()
    {
        var scenario = ShortScenario(Arm.Image);
        scenario = scenario with { Representation = scenario.Representation with { Image = ImageKind.ZoomMosaic, ContextLength = 400 } };
        var export = new ConversationExport(scenario, Official, ModelFolder.Open(TestFolders.Fixture("llava-tiny")));
        var error = Assert.Throws<RepresentationException>(() =>
            export.Write([BuiltInDatasets.Generate("ArmMotions")], folder.File("export"), Stop));
        Assert.Contains("expected one image, which is all that LLaVA's format holds, found 3", error.Message);
    }

    [Fact]
    public void Labels_of_the_test_split_appear_in_answers_only()
    {
        var model = ModelFolder.Open(TestFolders.Fixture("llava-tiny"));
        var export = new ConversationExport(ShortScenario(Arm.Both), Official, model);
        var dataset = BuiltInDatasets.Generate("CBF");
        var classes = dataset.Classes.ToList();
        var training = dataset.Cases.Take(dataset.NumOfficialTrain).ToList();
        var relabelled = dataset.Cases.Skip(dataset.NumOfficialTrain)
            .Select(labelled => labelled with { Label = classes[(classes.IndexOf(labelled.Label) + 1) % classes.Count] }).ToList();
        export.Write([dataset], folder.File("true"), Stop);
        export.Write([new Dataset(dataset.Name, dataset.Classes, training, relabelled, [])], folder.File("wrong"), Stop);

        foreach (var (right, wrong) in Read("true", "test").Zip(Read("wrong", "test")))
        {
            Assert.Equal((right.Id, right.Image, right.Human), (wrong.Id, wrong.Image, wrong.Human));
            Assert.NotEqual(right.Gpt, wrong.Gpt);
        }
        foreach (var image in Directory.GetFiles(folder.File("true/images")))
            Assert.Equal(File.ReadAllBytes(image), File.ReadAllBytes(folder.File($"wrong/images/{Path.GetFileName(image)}")));
        Assert.Equal(File.ReadAllText(folder.File("true/train.json")), File.ReadAllText(folder.File("wrong/train.json")));
    }

    [Fact]
    public void Several_data_sets_share_one_file_a_split()
    {
        var model = ModelFolder.Open(TestFolders.Fixture("llava-tiny"));
        Dataset[] datasets = [BuiltInDatasets.Generate("CBF"), BuiltInDatasets.Generate("ShapeletSim")];
        new ConversationExport(ShortScenario(Arm.Both), Official, model).Write(datasets, folder.File("export"), Stop);
        var ids = Read("export", "train").Concat(Read("export", "validation")).Concat(Read("export", "test"))
            .Select(conversation => conversation.Id).ToList();
        Assert.Equal(datasets.Sum(dataset => dataset.Cases.Count), ids.Distinct().Count());
        var card = Json.Read<ConversationsCard>(folder.File("export/export.json"));
        Assert.Equal(datasets.Select(DatasetFile.ContentHash), card.Datasets.Select(dataset => dataset.ContentHash));
    }

    [Theory]
    [InlineData("a</s>")]
    [InlineData("no ASSISTANT: 1")]
    public void A_class_that_llava_would_cut_in_two_is_refused(string name)
    {
        var dataset = new Dataset(
            "odd", [name, "b"], [new(Wave(1), name), new(Wave(2), "b"), new(Wave(3), name), new(Wave(4), "b")], [new(Wave(5), "b")], []);
        var error = Assert.Throws<RepresentationException>(() =>
            new ConversationExport(ShortScenario(Arm.Both), Official, ModelFolder.Open(TestFolders.Fixture("llava-tiny"))).Write([dataset],
                folder.File("export"), Stop));
        Assert.Contains("rename the class", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("export/export.json")));
    }

    public void Dispose() => folder.Dispose();

    private static TimeSeries Wave(double height) => new([Enumerable.Range(0, 10).Select(t => height * Math.Sin(t)).ToArray()]);

    private static Scenario ShortScenario(Arm arm) => new()
    {
        Name = "short",
        Representation = new Representation { Arm = arm, ContextLength = 220, Downsampling = DownsamplingMethod.BlockMean,
            Numbers = new NumberFormat { Digits = 1 } },
    };

    private async Task<string> SamplesOfARun(Dataset dataset, Scenario scenario, ModelFolder model)
    {
        var store = new FolderArtifactStore(folder.File("artifacts"));
        var run = new RunSpec
        {
            Dataset = await new DatasetImport(store).Run(dataset, Stop),
            Split = Official,
            Seed = 0,
            FineTuned = new(scenario, new(model.Name, model.Path, model.ContentHash)),
        };
        var made = await new SampleGeneration(store, ModelCatalog.ByPath, TimeProvider.System).Run(new(run.Id, run), _ => { }, Stop);
        return await store.Fetch(made.Samples, Stop);
    }

    private List<Conversation> Read(string export, string split)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(folder.File($"{export}/{split}.json")));
        return [.. document.RootElement.EnumerateArray().Select(entry =>
        {
            var turns = entry.GetProperty("conversations").EnumerateArray().ToList();
            Assert.Equal(["human", "gpt"], turns.Select(turn => turn.GetProperty("from").GetString()));
            return new Conversation(entry.GetProperty("id").GetString()!, entry.TryGetProperty("image", out var image)
                ? image.GetString() : null,
                turns[0].GetProperty("value").GetString()!, turns[1].GetProperty("value").GetString()!);
        })];
    }

    private sealed record Conversation(string Id, string? Image, string Human, string Gpt);
}
