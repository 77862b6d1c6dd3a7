//! From configuration to a running service.

use std::sync::Arc;

use async_trait::async_trait;
use pupila_core::Clock;
use pupila_db::{Database, DatabaseError};
use pupila_proto::{
    accounts::v1::album_service_client::AlbumServiceClient,
    images::v1::{
        archive_service_server::ArchiveServiceServer, image_service_server::ImageServiceServer,
    },
};
use pupila_runtime::{
    grpc::RpcServices, identity::ServiceIdentity, readiness::Readiness, rpc::with_causes,
    transport::Transport,
};
use pupila_storage::{Storage, StorageError};
use tokio::sync::Notify;

use crate::{
    ImagesConfig,
    archives::Archives,
    budget::Budget,
    content::Contents,
    departures::Departures,
    disposal::Disposal,
    gallery::Gallery,
    grpc::{ArchiveService, ImageService, Rooms},
    housekeeping::Housekeeping,
    library::Library,
    originals::Originals,
    pairing,
    pool::Pool,
    refolding::Refolding,
    renditions::{Darkroom, Presets, Renditions, tables},
    shares::Shares,
    shelf::Shelf,
    store,
    sweeper::Sweeper,
};

/// The service, what tells whether it can work, and what it does by itself.
pub struct OpenImages {
    /// The gRPC service.
    pub services: RpcServices,
    /// Ready while database and object store answer.
    pub readiness: Arc<ImagesStores>,
    /// To be run as long as the service is.
    pub housekeeping: Housekeeping,
}

/// The places where images are kept, for health checks and for the end.
pub struct ImagesStores {
    database: Database,
    storage: Storage,
}

/// The service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database is away, cannot be used or cannot be migrated.
    #[error("images: {0}")]
    Database(#[from] DatabaseError),
    /// The object store is away or cannot be used.
    #[error("images: {0}")]
    Storage(#[from] StorageError),
    /// The object store belongs to another database.
    #[error(
        "images: the object store belongs to another database, as its object `{0}` says: correct images.database or \
         images.storage. Whoever deletes that object gives the store to this database, which then deletes all that it \
         does not know"
    )]
    Pairing(&'static str),
    /// Presets that cannot be.
    #[error("images.presets: {}", .0.join("; "))]
    Presets(Vec<String>),
}

/// Connects to the database, migrates it, opens the object store and builds the service. Asks `accounts` about shares
/// with the callers' tokens, and tells it as `identity` which images are gone.
///
/// # Errors
/// [`OpenError`]
pub async fn open(
    config: &ImagesConfig,
    clock: Arc<dyn Clock>,
    accounts: Transport,
    identity: ServiceIdentity,
) -> Result<OpenImages, OpenError> {
    let presets = Presets::new(&config.presets).map_err(OpenError::Presets)?;
    let database = Database::connect(&config.database).await?;
    let store = store::open_store(&database).await?;
    let storage = Storage::open(&config.storage).await?;
    pairing::pair(&*store, &storage, clock.now()).await?;

    let limits = config.limits.image();
    let budget = Budget::new(config.limits.max_buffered_bytes);
    let pool = Pool::new(&config.pool);
    let departed = Arc::new(Notify::new());
    let disposal = Disposal {
        ledger: store.clone(),
        storage: storage.clone(),
    };
    let originals = Originals {
        ledger: store.clone(),
        storage: storage.clone(),
    };
    let archives = Archives {
        store: store.clone(),
        storage: storage.clone(),
        budget: budget.clone(),
        clock: clock.clone(),
        default_quota: config.quota_bytes,
        max_bytes: config.limits.max_archive_bytes,
    };
    let sweeper = Arc::new(Sweeper {
        ledger: store.clone(),
        storage: storage.clone(),
        disposal: disposal.clone(),
        archives: archives.clone(),
        clock: clock.clone(),
        config: config.sweep.clone(),
    });
    let departures = Departures {
        store: store.clone(),
        albums: AlbumServiceClient::new(accounts.clone()),
        identity,
        departed: departed.clone(),
    };
    let refolding = Refolding {
        store: store.clone(),
    };
    let darkroom = Darkroom {
        originals: originals.clone(),
        storage: storage.clone(),
        budget: budget.clone(),
        pool: pool.clone(),
        tables: tables(&config.pool),
        limits,
        room: config.limits.renditions(),
    };
    let service = ImageService::new(Rooms {
        library: Library {
            shelf: Shelf {
                store: store.clone(),
                storage: storage.clone(),
                disposal: disposal.clone(),
                clock: clock.clone(),
                default_quota: config.quota_bytes,
            },
            store: store.clone(),
            disposal,
            archives: archives.clone(),
            pool: pool.clone(),
            limits,
            clock,
            departed,
        },
        gallery: Gallery {
            store: store.clone(),
            shares: Shares::new(accounts),
        },
        contents: Contents {
            store,
            originals,
            budget: budget.clone(),
            pool,
        },
        renditions: Renditions::new(presets, darkroom),
        sweeper: sweeper.clone(),
        budget,
        max_image_bytes: config.limits.max_image_bytes,
    });
    Ok(OpenImages {
        services: RpcServices::default()
            .with(ImageServiceServer::new(service))
            .with(ArchiveServiceServer::new(ArchiveService(archives))),
        readiness: Arc::new(ImagesStores { database, storage }),
        housekeeping: Housekeeping {
            sweeper,
            departures,
            refolding,
        },
    })
}

impl ImagesStores {
    /// Closes every connection to the database, after the statements in flight.
    pub async fn close(&self) {
        self.database.close().await;
    }
}

#[async_trait]
impl Readiness for ImagesStores {
    fn name(&self) -> &'static str {
        "images"
    }

    async fn ready(&self) -> Result<(), String> {
        let database = self.database.ping().await;
        database.map_err(|error| with_causes(&error))?;
        let storage = self.storage.ping().await;
        storage.map_err(|error| with_causes(&error))
    }
}
